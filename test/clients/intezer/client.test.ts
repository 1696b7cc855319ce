import { describe, expect, it } from "vitest";
import { createIntezerClient, type IntezerClient } from "../../../clients/intezer/client";
import { intezerReplies } from "../../../local/simulators/intezer";
import type { SimulatorRequest } from "../../../local/simulators/simulator";
import { apiKey, nextApiKey, startIntezer } from "./setup";

const request = { method: "GET", path: `/files/${"a".repeat(64)}` } as const;
const send = (client: IntezerClient) => client.send(request, client.timeLimit());

const isExchange = ({ path }: SimulatorRequest) => path.endsWith("/get-access-token");
const isRead = (each: SimulatorRequest) => !isExchange(each);
const known = { kind: "answer", status: 404 };

describe("a token", () => {
  it("is exchanged once for all callers that need it at the same time", async () => {
    const { client, simulator } = await startIntezer();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(client)));
    for (const answer of answers) expect(answer).toMatchObject(known);
    expect(simulator.requests.filter(isExchange)).toHaveLength(1);
  });

  it("is kept until a minute before its end", async () => {
    const { client, simulator, pass } = await startIntezer({ tokenSeconds: 600 });
    await send(client);
    await pass(530);
    await send(client);
    expect(simulator.requests.filter(isExchange)).toHaveLength(1);
    await pass(15);
    expect(await send(client)).toMatchObject(known);
    expect(simulator.requests.filter(isExchange)).toHaveLength(2);
  });

  it("is used for its call even when it lives for less than that minute", async () => {
    const { client, simulator } = await startIntezer({ tokenSeconds: 20 });
    expect(await send(client)).toMatchObject(known);
    expect(await send(client)).toMatchObject(known);
    expect(simulator.requests.filter(isExchange)).toHaveLength(2);
  });

  it("without an end is kept for an hour at most", async () => {
    const { client, simulator, pass } = await startIntezer({ hasExpiry: false });
    await send(client);
    await pass(3500);
    await send(client);
    expect(simulator.requests.filter(isExchange)).toHaveLength(1);
    await pass(60);
    await send(client);
    expect(simulator.requests.filter(isExchange)).toHaveLength(2);
  });

  it("that was revoked is renewed once, and every call repeated with the new one", async () => {
    const { client, simulator } = await startIntezer();
    await send(client);
    simulator.revokeTokens();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(client)));
    for (const answer of answers) expect(answer).toMatchObject(known);
    expect(simulator.requests.filter(isExchange)).toHaveLength(2);
    expect(simulator.requests.filter(isRead)).toHaveLength(21);
  });

  it("names the app in every call", async () => {
    const { client, simulator } = await startIntezer();
    await send(client);
    for (const { headers } of simulator.requests)
      expect(headers["user-agent"]).toBe("sentinel-incident-enricher/test");
  });
});

describe("the key", () => {
  it("counts as wrong when a new token is refused too and the key is still the same", async () => {
    const { client, simulator, key } = await startIntezer();
    simulator.script({ match: isRead, fault: intezerReplies.tokenRefused, times: 2 });
    expect(await send(client)).toEqual({
      kind: "keyRejected",
      reason: "Intezer rejected the API key: check INTEZER_API_KEY",
    });
    expect(simulator.requests).toHaveLength(4);
    expect(key.rereads()).toBe(1);
  });

  it.each([
    ["is exchanged again when a new token is refused and it has changed", 2, known],
    ["counts as wrong when the token of a changed key is refused as well", 3, { kind: "keyRejected" }],
  ])("%s", async (_, times, answer) => {
    const { client, simulator, key } = await startIntezer();
    simulator.setApiKey(undefined);
    key.rotate(nextApiKey);
    simulator.script({ match: isRead, fault: intezerReplies.tokenRefused, times });
    expect(await send(client)).toMatchObject(answer);
    expect(simulator.requests).toHaveLength(6);
    expect(key.rereads()).toBe(1);
  });

  it.each([400, 401] as const)("that the exchange refuses with %i is read again once", async (status) => {
    const { client, simulator, key } = await startIntezer({ badKeyStatus: status });
    simulator.setApiKey(nextApiKey);
    key.rotate(nextApiKey);
    expect(await send(client)).toMatchObject(known);
    expect(simulator.requests.filter(isExchange)).toHaveLength(2);
  });

  it.each([400, 401] as const)(
    "is wrong when the exchange refuses it with %i and there is no other",
    async (status) => {
      const { client, simulator } = await startIntezer({ badKeyStatus: status });
      simulator.setApiKey(nextApiKey);
      const rejected = await send(client);
      expect(rejected).toMatchObject({ kind: "keyRejected" });
      expect(JSON.stringify(rejected)).not.toContain(apiKey);
      expect(simulator.requests).toHaveLength(1);
    },
  );

  it("is requested again by every call once it has been replaced", async () => {
    const { client, simulator, key } = await startIntezer();
    await send(client);
    simulator.setApiKey(nextApiKey);
    simulator.revokeTokens();
    key.rotate(nextApiKey);
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(client)));
    for (const answer of answers) expect(answer).toMatchObject(known);
    expect(key.rereads()).toBe(1);
  });

  it("is missing, and no request is sent", async () => {
    const { client, simulator, key } = await startIntezer();
    key.answers({ kind: "done", value: undefined });
    expect(await send(client)).toEqual({
      kind: "noKey",
      reason: "Intezer has no API key: set INTEZER_API_KEY",
    });
    expect(simulator.requests).toEqual([]);
  });
});

describe("the exchange", () => {
  it.each([
    ["is not found", { status: 404, json: { error: "Not found" } }, "HTTP 404 instead of an access token"],
    ["has a conflict", { status: 409, json: {} }, "HTTP 409 instead of an access token"],
    ["is down", intezerReplies.unavailable, "HTTP 503 instead of an access token"],
    ["answers without a token", { status: 200, json: { result: "" } }, "no access token in the answer"],
  ])("that %s is a fault, whatever that status means elsewhere", async (_, fault, reason) => {
    const { client, simulator } = await startIntezer();
    simulator.script({ match: isExchange, fault });
    expect(await send(client)).toEqual({ kind: "fault", reason });
    expect(await send(client)).toMatchObject(known);
  });

  it("passes on that it is throttled", async () => {
    const { client, simulator } = await startIntezer();
    simulator.script({ match: isExchange, fault: intezerReplies.rateLimited({ "retry-after": "3" }) });
    expect(await send(client)).toMatchObject({
      kind: "answer",
      status: 429,
      headers: { "retry-after": "3" },
    });
  });

  it("is not waited for beyond the caller's limit, but goes on for the others", async () => {
    const { simulator, key, clock } = await startIntezer();
    const client = createIntezerClient({
      endpoint: simulator.endpoint,
      key: key.secret,
      userAgent: "test",
      timeoutMs: 5000,
      now: clock.now,
    });
    simulator.script({ match: isExchange, fault: { delayMs: 300 } });
    const [hasty, patient] = await Promise.all([client.send(request, AbortSignal.timeout(50)), send(client)]);
    expect(hasty).toEqual({ kind: "fault", reason: "no answer in time" });
    expect(patient).toMatchObject(known);
    expect(simulator.requests.filter(isExchange)).toHaveLength(1);
  });

  it("does not begin when the limit is over", async () => {
    const { client } = await startIntezer();
    expect(await client.send(request, AbortSignal.abort())).toEqual({
      kind: "fault",
      reason: "no answer in time",
    });
  });
});
