import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ManagementRequest } from "../../../local/durable/management-http";
import type { Invocation } from "../../../local/function-app";
import { loadApp } from "../../../local/host/core-module";
import { createFront } from "../../../local/host/http-front";
import { isFull } from "../../support/tier";
import { type Exchange, exchanges, invocations, type RawRequest, recordedApp, send } from "./recordings";

const lines: string[] = [];
const handedOver: Invocation[] = [];
const managed: ManagementRequest[] = [];
const clientBinding = String(invocations.find(({ function: name }) => name === "binding")?.inputs[1]?.string);

const app = loadApp(recordedApp, () => {});
const front = createFront({
  app: {
    ...app,
    invoke: (fn, invocation) => {
      handedOver.push(invocation);
      return app.invoke(fn, invocation);
    },
  },
  hub: {
    clientBinding: () => clientBinding,
    manage: async (request) => {
      managed.push(request);
      if (request.path === "broken") throw new Error("hub is out of order");
      return { status: 202, headers: { "retry-after": "10" }, body: '{"id":"i"}' };
    },
  },
  routePrefix: "api",
  keys: { master: "local-master-key", function: "local-function-key", system: "local-system-key" },
  log: (_level, name, _invocation, text) => lines.push(`${name}: ${text}`),
});

const server = createServer(front.listener);
let origin: string;
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const request = (
  method: string,
  path: string,
  headers: RawRequest["headers"] = {},
  body = "",
): RawRequest => ({
  method,
  path,
  headers: { host: "localhost:7071", connection: "close", ...headers },
  chunks: body ? [Buffer.from(body)] : [],
});

describe("the recorded HTTP exchanges", () => {
  // Bodies of tens of megabytes take seconds.
  const played = exchanges.filter(({ name }) => isFull || !/\d{2,} MB/.test(name));

  it.each(played)("$name", async ({ request: recorded, response }) => {
    const answer = await send(origin, rawFrom(recorded));
    expect(answer.status).toBe(response.status);
    expect(headersThatMatter(answer.rawHeaders)).toEqual(headersThatMatter(response.headers.flat()));
    expect(
      typeof response.body === "string" ? answer.body.toString() : answer.body.toString("base64"),
    ).toEqual(typeof response.body === "string" ? response.body : response.body.base64);
  });

  function rawFrom({ method, url, headers, body = "" }: Exchange["request"]): RawRequest {
    const chunks = [body].flat().filter(Boolean).map(bytesFrom);
    return { ...request(method, url, headers), chunks };
  }

  /** A body above the limit need not be sent: its announced length is enough. */
  function bytesFrom(text: string): Buffer {
    const length = Number(/^\((\d+) bytes\)$/.exec(text)?.[1]);
    if (length === 4) return Buffer.from([0, 1, 2, 255]);
    return Number.isNaN(length) ? Buffer.from(text) : Buffer.alloc(length > 104_857_600 ? 0 : length, "x");
  }

  /** Sorted; without what the server software adds. */
  function headersThatMatter(raw: readonly string[]): string[] {
    const pairs = raw.flatMap((name, index) =>
      index % 2 === 0 ? [`${name.toLowerCase()}: ${raw[index + 1]}`] : [],
    );
    return pairs.filter((pair) => !/^(date|connection|keep-alive):/.test(pair)).sort();
  }
});

describe("what the library is handed", () => {
  const http = invocations
    .filter(({ inputs: [trigger] }) => trigger && "http" in trigger)
    .map((recorded) => ({
      ...recorded,
      trigger: recorded.inputs[0]?.http as HttpData,
    }));

  interface HttpData {
    readonly method: string;
    readonly url: string;
    readonly nullableHeaders: Readonly<Record<string, { readonly value: string }>>;
    readonly body: { readonly bytes: Buffer } | null;
  }

  it.each(http)("is what the worker got: $trigger.method $trigger.url", async ({ trigger, inputs }) => {
    const headers = Object.entries(trigger.nullableHeaders).map(([name, { value }]) => [name, value]);
    handedOver.length = 0;
    await send(origin, {
      method: trigger.method,
      path: trigger.url.replace("http://localhost:7071", ""),
      headers: Object.fromEntries(headers),
      chunks: trigger.body ? [trigger.body.bytes] : [],
    });
    expect(handedOver[0]?.inputs.map(({ data }) => data)).toEqual(inputs);
  });
});

describe("beyond the recordings", () => {
  it("logs what a handler throws and shows nothing of it to the caller", async () => {
    const answer = await send(origin, request("GET", "/api/throws"));
    expect([answer.status, answer.body.toString()]).toEqual([500, ""]);
    expect(lines).toContainEqual(expect.stringMatching(/^throws: Error: handler broke\n/));
  });

  it("answers 500 when a result cannot be sent", async () => {
    const answer = await send(origin, request("GET", "/api/returns/badCookie"));
    expect(answer.status).toBe(500);
    expect(lines.at(-1)).toContain("GET /api/returns/badCookie: TypeError");
  });

  it("answers a request whose host is no host with 400", async () => {
    expect((await send(origin, request("GET", "/api/mirror/x", { host: "a b" }))).status).toBe(400);
  });

  it("passes a durable webhook on as it came, with its query, headers and body", async () => {
    managed.length = 0;
    const path =
      "/Runtime/Webhooks/DurableTask/instances/a%20b/raiseEvent/Done?code=local-system-key&reason=x";
    const answer = await send(origin, request("POST", path, { "Content-Type": "application/json" }, "[1]"));

    expect([answer.status, answer.headers["retry-after"], answer.body.toString()]).toEqual([
      202,
      "10",
      '{"id":"i"}',
    ]);
    expect(managed).toEqual([
      {
        method: "POST",
        path: "instances/a%20b/raiseEvent/Done",
        query: new URLSearchParams("code=local-system-key&reason=x"),
        headers: expect.objectContaining({ "content-type": "application/json" }),
        body: "[1]",
      },
    ]);
  });

  it("answers 500 when the task hub fails", async () => {
    const answer = await send(
      origin,
      request("GET", "/runtime/webhooks/durabletask/broken?code=local-master-key"),
    );
    expect(answer.status).toBe(500);
    expect(lines.at(-1)).toContain("hub is out of order");
  });
});

describe("a request that comes from elsewhere", () => {
  const here = "localhost:7071";
  const rows: readonly {
    readonly title: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly method?: string;
    readonly status: number;
  }[] = [
    { title: "a program", headers: {}, status: 200 },
    { title: "127.0.0.1", headers: { host: "127.0.0.1:7071" }, status: 200 },
    { title: "another address of loopback", headers: { host: "127.1.2.3" }, status: 200 },
    { title: "IPv6", headers: { host: "[::1]:7071" }, status: 200 },
    {
      title: "upper case",
      headers: { host: "LocalHost:7071", origin: "http://localhost:7071" },
      status: 200,
    },
    { title: "a name of another site for loopback", headers: { host: "rebound.example.org" }, status: 403 },
    { title: "a name that begins like ours", headers: { host: "localhost.example.org" }, status: 403 },
    {
      title: "an address that begins like ours",
      headers: { host: "127.0.0.1.example.org:7071" },
      status: 403,
    },
    { title: "another machine's address", headers: { host: "192.168.0.7:7071" }, status: 403 },
    { title: "a page elsewhere", headers: { origin: "https://example.org" }, method: "POST", status: 403 },
    { title: "a page without an origin", headers: { origin: "null" }, method: "POST", status: 403 },
    {
      title: "a page on another port",
      headers: { origin: "http://localhost:3000" },
      method: "POST",
      status: 403,
    },
    {
      title: "a page under another scheme",
      headers: { origin: `https://${here}` },
      method: "POST",
      status: 403,
    },
    {
      title: "our page",
      headers: { origin: `http://${here}`, "sec-fetch-site": "same-origin" },
      method: "POST",
      status: 200,
    },
    { title: "the address bar", headers: { "sec-fetch-site": "none" }, status: 200 },
    {
      title: "an image of a page elsewhere",
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
      status: 403,
    },
    {
      title: "a page of another port, without origin",
      headers: { "sec-fetch-site": "same-site" },
      status: 403,
    },
    {
      title: "a frame elsewhere",
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
      status: 403,
    },
    {
      title: "a link elsewhere",
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
      status: 200,
    },
    {
      title: "a form elsewhere",
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
      method: "POST",
      status: 403,
    },
  ];

  it.each(rows)("from $title: $status", async ({ headers, method = "GET", status }) => {
    handedOver.length = 0;
    const answer = await send(origin, request(method, "/api/mirror/x", headers));
    expect(answer.status).toBe(status);
    expect(handedOver).toHaveLength(status === 200 ? 1 : 0);
    if (status === 403) expect(answer.body.toString()).toMatch(/^Requests .*\.$/);
  });

  it.each(["/runtime/webhooks/durabletask/instances?code=local-system-key", "/durabletask/instances"])(
    "does not reach %s, keys or not",
    async (path) => {
      managed.length = 0;
      for (const headers of [{ host: "rebound.example.org" }, { origin: "https://example.org" }])
        expect((await send(origin, request("POST", path, headers, "{}"))).status).toBe(403);
      expect(managed).toEqual([]);
    },
  );
});
