import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, skippingClock } from "../../../local/clock";
import {
  type IntezerSimulator,
  type IntezerSimulatorOptions,
  startIntezerSimulator,
} from "../../../local/simulators/intezer";
import { builtInFiles } from "../../../local/simulators/intezer-data";

const incident = (name: string) => ({ object: { id: `/incidents/${name}` }, objectEventType: "Create" });
const hash = "a".repeat(64);

let clock: Clock;
let simulator: IntezerSimulator;
const ended: (() => Promise<unknown>)[] = [];

async function start(options: Partial<IntezerSimulatorOptions> = {}): Promise<void> {
  simulator = await startIntezerSimulator({ clock, ...options });
  ended.push(() => simulator.close());
}

interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown> & { readonly result?: Record<string, unknown> };
}

/** `fetch` refuses a GET with a body. */
function call(method: string, path: string, body?: object, token?: string): Promise<Answer> {
  const text = body ? JSON.stringify(body) : "";
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  return new Promise((answered, failed) => {
    const outgoing = httpRequest(simulator.endpoint + path, { method, headers }, async (incoming) => {
      const answer = await textOf(incoming);
      answered({ status: incoming.statusCode ?? 0, json: answer ? JSON.parse(answer) : {} });
    });
    outgoing.on("error", failed).end(text);
  });
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of incoming) text += chunk;
  return text;
}

async function authorized() {
  const { json } = await call("POST", "/get-access-token", { api_key: "key" });
  return (method: string, path: string, body?: object) => call(method, path, body, String(json.result));
}

const pass = (seconds: number) =>
  new Promise<void>((ring) => clock.alarm(clock.now() + seconds * 1000, ring));

beforeEach(() => {
  clock = skippingClock();
});

afterEach(async () => {
  await Promise.all(ended.splice(0).map((end) => end()));
});

describe("tokens", () => {
  it("are needed for everything but their exchange, and end", async () => {
    await start({ tokenSeconds: 60 });
    expect(await call("GET", `/files/${hash}`)).toEqual({ status: 401, json: {} });
    expect((await call("GET", `/files/${hash}`, undefined, "forged")).status).toBe(401);
    const asked = await authorized();
    expect((await asked("GET", `/files/${hash}`)).status).toBe(404);
    await pass(61);
    expect((await asked("GET", `/files/${hash}`)).status).toBe(401);
  });

  it("give their end in epoch seconds, unless switched off", async () => {
    await start({ tokenSeconds: 60 });
    const { json } = await call("POST", "/get-access-token", { api_key: "key" });
    expect(Number(json.expire_at) - clock.now() / 1000).toBeGreaterThan(55);
    await start({ hasExpiry: false });
    expect((await call("POST", "/get-access-token", { api_key: "key" })).json).not.toHaveProperty(
      "expire_at",
    );
  });

  it.each([401, 400] as const)("are refused with %i for another key", async (badKeyStatus) => {
    await start({ apiKey: "right", badKeyStatus });
    expect((await call("POST", "/get-access-token", { api_key: "wrong" })).status).toBe(badKeyStatus);
  });

  it("and keys are not in the log", async () => {
    await start();
    const { json } = await call("POST", "/get-access-token", { api_key: "very-secret-key" });
    await call("GET", `/files/${hash}`, undefined, String(json.result));
    const log = JSON.stringify(simulator.requests);
    expect(log).not.toContain("very-secret-key");
    expect(log).not.toContain(String(json.result));
  });
});

describe("analyses", () => {
  it("go from queued over in progress to their result", async () => {
    await start({ analysisSeconds: 30 });
    simulator.addFile({ sha256: hash, findings: { verdict: "malicious" } });
    const asked = await authorized();
    const { status, json } = await asked("POST", "/analyze-by-hash", { hash });
    expect(status).toBe(201);
    const path = String(json.result_url);
    expect(await asked("GET", path)).toMatchObject({ status: 202, json: { status: "queued" } });
    await pass(15);
    expect(await asked("GET", path)).toMatchObject({ status: 202, json: { status: "in_progress" } });
    expect((await asked("GET", `/files/${hash}`)).status).toBe(404);
    await pass(16);
    const done = await asked("GET", path);
    expect(done).toMatchObject({
      status: 200,
      json: { status: "succeeded", result: { verdict: "malicious" } },
    });
    expect((await asked("GET", `/files/${hash}`)).json).toEqual(done.json);
  });

  it("cannot be read by a guessed id", async () => {
    await start();
    const asked = await authorized();
    expect((await asked("GET", "/analyses/1")).status).toBe(404);
  });

  it("of URLs know them in any spelling", async () => {
    await start();
    simulator.addUrl({ url: "http://example.net/", findings: {} });
    const asked = await authorized();
    expect((await asked("POST", "/url", { url: "example.net" })).status).toBe(201);
    expect((await asked("POST", "/url", { url: "HTTP://EXAMPLE.net" })).status).toBe(409);
    expect((await asked("POST", "/url", { url: "httpdddds://example.net" })).json).toEqual({
      error: "Invalid url",
    });
  });

  it("find any of a file's hashes", async () => {
    await start();
    const asked = await authorized();
    const known = builtInFiles[0];
    for (const each of [known?.md5, known?.sha1, known?.sha256])
      expect((await asked("GET", `/files/${each}`)).json.result).toMatchObject({ verdict: "malicious" });
  });

  it("are refused for what is no hash, and for unknown fields", async () => {
    await start();
    const asked = await authorized();
    expect(await asked("POST", "/analyze-by-hash", { hash: "x" })).toMatchObject({
      status: 400,
      json: { details: { hash: ["invalid hash"] } },
    });
    expect(await asked("POST", "/analyze-by-hash", { hash, wish: 1 })).toMatchObject({
      status: 400,
      json: { details: { wish: ["unknown field"] } },
    });
  });
});

describe("alerts", () => {
  const ingest = { alert: incident("1"), alert_source: "microsoft_sentinel" };

  it("are taken once per incident and read by id, in the body", async () => {
    await start();
    const asked = await authorized();
    const release = clock.hold();
    const { status, json } = await asked("POST", "/alerts/ingest", ingest);
    expect(status).toBe(200);
    expect((await asked("POST", "/alerts/ingest", ingest)).status).toBe(409);
    expect((await asked("GET", `/alerts/get-by-id?alert_id=${json.alert_id}`)).status).toBe(400);
    expect(await asked("GET", "/alerts/get-by-id", { alert_id: json.alert_id })).toMatchObject({
      status: 200,
      json: { status: "in_progress", result: { raw_alert: incident("1") } },
    });
    expect((await asked("GET", "/alerts/get-by-id", { alert_id: "ghost" })).status).toBe(404);
    release();
  });

  it("that several environments have are read with the environment only", async () => {
    await start();
    simulator.addAlert({ alertId: "1", environments: ["a", "b"] });
    const asked = await authorized();
    expect((await asked("GET", "/alerts/get-by-id", { alert_id: "1" })).status).toBe(409);
    expect((await asked("GET", "/alerts/get-by-id", { alert_id: "1", environment: "b" })).status).toBe(200);
  });
});

describe("the webhook", () => {
  interface Delivery {
    readonly authorization: string | undefined;
    readonly body: Record<string, unknown>;
    readonly at: number;
  }

  let deliveries: Delivery[];
  let receiver: string;

  beforeEach(async () => {
    deliveries = [];
    const server = createServer(async (incoming, response) => {
      const { authorization } = incoming.headers;
      deliveries.push({ authorization, body: JSON.parse(await textOf(incoming)), at: clock.now() });
      response.writeHead(202).end();
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    receiver = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    ended.push(() => new Promise((closed) => server.close(closed)));
  });

  const submitted = async () => {
    const asked = await authorized();
    const { json } = await asked("POST", "/alerts/ingest", {
      alert: incident("1"),
      alert_source: "microsoft_sentinel",
    });
    return String(json.alert_id);
  };

  it("is called by itself when the triage is done", async () => {
    await start({ triageSeconds: 120, webhook: { url: receiver, authorization: "agreed" } });
    const before = clock.now();
    const alertId = await submitted();
    await pass(130);
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]).toMatchObject({
      authorization: "agreed",
      body: {
        alert_id: alertId,
        alert: { alert_id: alertId },
        sender: "microsoft_sentinel",
        microsoft_sentinel_incident_id: "/incidents/1",
        triage_result: { alert_verdict: "confirmed_threat" },
      },
    });
    expect(deliveries[0]?.body).not.toHaveProperty("raw_alert");
    expect((deliveries[0]?.at ?? 0) - before).toBeGreaterThanOrEqual(120_000);
  });

  it("can be set up later, and repeat itself", async () => {
    await start({ triageSeconds: 10 });
    simulator.setWebhook({ url: receiver, times: 3 });
    await submitted();
    await pass(20);
    expect(deliveries).toHaveLength(3);
    expect(deliveries[0]?.authorization).toBeUndefined();
  });

  it("is not called for a triage that never ends", async () => {
    await start({ triageSeconds: Number.POSITIVE_INFINITY, webhook: { url: receiver } });
    await submitted();
    await pass(100_000);
    expect(deliveries).toEqual([]);
  });

  it("can be fired at will: without its authorization, with hostile text, for another verdict, for no alert", async () => {
    await start({
      triageSeconds: Number.POSITIVE_INFINITY,
      webhook: { url: receiver, authorization: "agreed" },
    });
    const alertId = await submitted();
    expect(await simulator.fireWebhook(alertId, { authorization: null, times: 2 })).toEqual([202, 202]);
    simulator.triage(alertId, { triage_result: { alert_verdict: "false_positive" } });
    await simulator.fireWebhook(alertId, { body: { note: "<script>" } });
    await simulator.fireWebhook("ghost");
    expect(deliveries.map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
      "agreed",
      "agreed",
    ]);
    expect(deliveries[2]?.body).toMatchObject({
      note: "<script>",
      triage_result: { alert_verdict: "false_positive" },
    });
    expect(deliveries[3]?.body).toEqual({ alert_id: "ghost" });
  });
});
