import { expect, it } from "vitest";
import { anyCall, refOf, startSentinel } from "./sentinel/support";

async function start() {
  const { sentinel, store } = await startSentinel();
  return { sentinel, store, ref: refOf(sentinel.addIncident({})) };
}

it("does not read an answer above 16 MiB", async () => {
  const { sentinel, store, ref } = await start();
  const text = JSON.stringify({ entities: [], padding: " ".repeat(16 * 1024 * 1024) });
  sentinel.script({ match: anyCall, fault: { status: 200, text } });
  expect(await store.readEntities(ref)).toEqual({
    kind: "again",
    reason: "Microsoft Sentinel: answer too large.",
  });
});

it("reads an answer of several megabytes", async () => {
  const { sentinel, store, ref } = await start();
  const query = "x".repeat(15_000);
  const entities = Array.from({ length: 600 }, () => ({ kind: "Ip", properties: { query } }));
  sentinel.script({ match: anyCall, fault: { status: 200, json: { entities } } });
  expect(await store.readEntities(ref)).toMatchObject({ kind: "done", value: { length: 600 } });
});

it("keeps throttling and its wait when the body is not compressed as its label says", async () => {
  const { sentinel, store, ref } = await start();
  const headers = { "Content-Encoding": "gzip", "Retry-After": "17" };
  sentinel.script({ match: anyCall, fault: { status: 429, headers, text: "{}" } });
  expect(await store.readIncident(ref)).toEqual({
    kind: "again",
    reason: "Microsoft Sentinel is throttling this app (HTTP 429).",
    afterSeconds: 17,
  });
});

it("says in words that a body was not compressed as its label says", async () => {
  const { sentinel, store, ref } = await start();
  const headers = { "Content-Encoding": "gzip" };
  sentinel.script({ match: anyCall, fault: { status: 200, headers, text: "{}" } });
  expect(await store.readIncident(ref)).toEqual({
    kind: "again",
    reason: "Microsoft Sentinel: the answer could not be decompressed.",
  });
});
