import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHttpClient } from "../../clients/http";
import { realClock } from "../../local/clock";
import {
  type Fault,
  type Simulator,
  type SimulatorRequest,
  startSimulator,
} from "../../local/simulators/simulator";

let server: Simulator;
let elsewhere: Simulator;
beforeAll(async () => {
  const clock = realClock();
  elsewhere = await startSimulator({ clock, handler: () => ({ status: 200, json: {} }) });
  server = await startSimulator({ clock, handler: ({ body }) => ({ status: 200, json: { got: body } }) });
});
afterAll(async () => {
  await server.close();
  await elsewhere.close();
});

const send = (
  fault: Fault | undefined,
  request: { method?: "GET" | "POST"; json?: unknown } = {},
  timeoutMs = 2_000,
) => {
  if (fault) server.script({ match: () => true, fault });
  const client = createHttpClient({ baseUrl: `${server.origin}/base`, timeoutMs, userAgent: "enricher/1" });
  return client({ method: "GET", path: "/thing", headers: { "x-key": "secret-key" }, ...request });
};
const last = (): SimulatorRequest | undefined => server.requests.at(-1);

describe("createHttpClient", () => {
  it("says who asks and sends JSON, with GET too", async () => {
    const answer = await send(undefined, { json: { id: 1 } });
    expect(answer).toMatchObject({ kind: "answer", status: 200, body: { got: '{"id":1}' } });
    expect(last()).toMatchObject({ method: "GET", path: "/base/thing" });
    expect(last()?.headers).toMatchObject({ "user-agent": "enricher/1", "content-type": "application/json" });
  });

  it.each([404, 429, 500])("takes %i for an answer, with its headers in lower case", async (status) => {
    const answer = await send({ status, headers: { "Retry-After": "7" }, json: { error: 1 } });
    expect(answer).toMatchObject({
      kind: "answer",
      status,
      headers: { "retry-after": "7" },
      body: { error: 1 },
    });
  });

  it("gives no body where there is no JSON", async () => {
    expect(await send({ status: 200, text: "<html>" })).toMatchObject({ kind: "answer", body: undefined });
    expect(await send({ status: 202 })).toMatchObject({ kind: "answer", body: undefined });
  });

  it("does not carry the key to where a redirect points", async () => {
    const answer = await send({ status: 302, headers: { location: `${elsewhere.origin}/steal` } });
    expect(answer).toMatchObject({ kind: "answer", status: 302 });
    expect(elsewhere.requests).toEqual([]);
  });

  it.each<[string, Fault, number]>([
    ["a dropped connection", "dropBefore", 2_000],
    ["a cut-off body", "cutOff", 2_000],
    ["a body above 8 MiB", "oversized", 10_000],
    ["no answer in time", "hang", 50],
  ])("tells %s as a fault, without address and key", async (_case, fault, timeoutMs) => {
    const answer = await send(fault, {}, timeoutMs);
    expect(answer).toEqual({ kind: "fault", reason: expect.any(String) });
    expect(JSON.stringify(answer)).not.toMatch(/secret-key|127\.0\.0\.1/);
  });

  it("tells a refused connection as a fault", async () => {
    const client = createHttpClient({
      baseUrl: "http://127.0.0.1:1",
      timeoutMs: 500,
      userAgent: "enricher/1",
    });
    expect(await client({ method: "GET", path: "/" })).toEqual({
      kind: "fault",
      reason: "connection refused",
    });
  });
});
