import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
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
  request: { method?: "GET" | "POST"; json?: unknown; jsonText?: string } = {},
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

  it("sends JSON text character by character, however deep it is nested", async () => {
    const jsonText = ` {"a":${"[".repeat(50_000)}${"]".repeat(50_000)}} `;
    await send(undefined, { method: "POST", jsonText });
    expect(last()?.body).toBe(jsonText);
    expect(last()?.headers["content-type"]).toBe("application/json");
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

  it.each<{ what: string; fault: Fault; timeoutMs?: number; reason: string }>([
    { what: "a dropped connection", fault: "dropBefore", reason: "connection lost" },
    { what: "a cut-off body", fault: "cutOff", reason: "answer cut off" },
    { what: "a body above 8 MiB", fault: "oversized", timeoutMs: 10_000, reason: "answer too large" },
    { what: "no answer in time", fault: "hang", timeoutMs: 50, reason: "no answer in time" },
  ])("reports $what as a fault, without address and key", async ({ fault, timeoutMs, reason }) => {
    expect(await send(fault, {}, timeoutMs)).toEqual({ kind: "fault", reason });
  });

  it("reports a refused connection as a fault", async () => {
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

/** A server that writes bytes, and a request to it. */
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});
async function ask(listener: RequestListener, timeoutMs = 10_000) {
  const raw = createServer(listener).listen(0, "127.0.0.1");
  await once(raw, "listening");
  closers.push(() => {
    raw.closeAllConnections();
    raw.close();
  });
  const baseUrl = `http://127.0.0.1:${(raw.address() as AddressInfo).port}`;
  return createHttpClient({ baseUrl, timeoutMs, userAgent: "enricher/1" })({ method: "GET", path: "/" });
}

const json = '{"a":"ü"}';
const withEncoding =
  (status: number, encoding: string, body: Buffer | string): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { "Content-Encoding": encoding }).end(body);

describe("a compressed answer", () => {
  it.each([
    { encoding: "gzip", body: gzipSync(json) },
    { encoding: "X-GZIP", body: gzipSync(json) },
    { encoding: "deflate", body: deflateSync(json) },
    { encoding: "deflate", body: deflateRawSync(json) },
    { encoding: "br", body: brotliCompressSync(json) },
    { encoding: "gzip, gzip", body: gzipSync(gzipSync(json)) },
    { encoding: "deflate , br", body: brotliCompressSync(deflateSync(json)) },
    { encoding: "identity", body: Buffer.from(json) },
  ])("is read with $encoding", async ({ encoding, body }) => {
    expect(await ask(withEncoding(200, encoding, body))).toMatchObject({
      kind: "answer",
      body: { a: "ü" },
    });
  });

  it.each(["gzip", "deflate", "br", "gzip, br", "nonsense", "constructor", "__proto__"])(
    "that is plain although it is labelled %s is read as it is",
    async (encoding) => {
      expect(await ask(withEncoding(429, encoding, json))).toMatchObject({
        kind: "answer",
        status: 429,
        body: { a: "ü" },
      });
    },
  );

  it("that is damaged keeps its status and has no body", async () => {
    const damaged = gzipSync(json).subarray(0, 15);
    for (const status of [200, 404, 429, 503])
      expect(await ask(withEncoding(status, "gzip", damaged))).toMatchObject({
        kind: "answer",
        status,
        body: undefined,
      });
  });

  it.each([
    { encoding: "gzip", compress: gzipSync },
    { encoding: "deflate", compress: deflateSync },
    { encoding: "br", compress: brotliCompressSync },
  ])("that grows above 8 MiB with $encoding is a fault", async ({ encoding, compress }) => {
    const bomb = compress(Buffer.alloc(8 * 1024 * 1024 + 1, " "));
    expect(await ask(withEncoding(200, encoding, bomb))).toEqual({
      kind: "fault",
      reason: "answer too large",
    });
    expect(await ask(withEncoding(429, encoding, bomb))).toMatchObject({ kind: "answer", status: 429 });
  });
});

describe("the status of throttling or an outage", () => {
  const cutOff =
    (status: number): RequestListener =>
    (_, response) => {
      response.writeHead(status, { "Content-Length": 100, "Retry-After": "9" });
      response.write("{", () => response.destroy());
    };

  it.each([429, 500, 503])("%i counts although its body is cut off", async (status) => {
    expect(await ask(cutOff(status))).toMatchObject({
      kind: "answer",
      status,
      headers: { "retry-after": "9" },
      body: undefined,
    });
  });

  it.each([200, 403, 404])("is not taken from a cut-off %i", async (status) => {
    expect(await ask(cutOff(status))).toEqual({ kind: "fault", reason: "answer cut off" });
  });
});

it("gives up a body that never ends when its time is over", async () => {
  const drip: RequestListener = (_, response) => {
    const timer = setInterval(() => response.write(" "), 5);
    response.once("close", () => clearInterval(timer));
  };
  expect(await ask(drip, 100)).toEqual({ kind: "fault", reason: "no answer in time" });
});

it("says in words that an answer was not HTTP or had too many headers", async () => {
  const flood: RequestListener = (_, response) =>
    void response.writeHead(200, { "x-flood": "x".repeat(100_000) }).end("{}");
  expect(await ask(flood)).toEqual({ kind: "fault", reason: "the answer was not valid HTTP" });
  const garbage: RequestListener = ({ socket }) => void socket.end("garbage\r\n\r\n");
  expect(await ask(garbage)).toEqual({ kind: "fault", reason: "the answer was not valid HTTP" });
});
