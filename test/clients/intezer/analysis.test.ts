import { describe, expect, it } from "vitest";
import { analysisPathIn, analysisStateFrom, isAnalysisPath } from "../../../clients/intezer/analysis";
import { envelopeFrom } from "../../../clients/intezer/wire";
import { file, hash, malicious, malware, phishing, startProvider, to, url } from "./provider-setup";

describe("a URL", () => {
  it("is analysed, and looked at until the analysis ends", async () => {
    const { simulator, outcomeOf, calls } = await startProvider();
    simulator.addUrl({ url: url.value, findings: phishing });
    expect(await outcomeOf(url)).toMatchObject(malicious);
    expect(calls().slice(0, 2)).toEqual(["POST /get-access-token", "POST /url"]);
    expect(calls()[2]).toMatch(/^GET \/url\/[\w-]+$/);
  });

  it("that is being analysed already is joined", async () => {
    const { simulator, provider, outcomeOf } = await startProvider();
    simulator.addUrl({ url: url.value, findings: phishing });
    await provider.consult(url);
    expect(await outcomeOf(url)).toMatchObject(malicious);
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("that was offline is not known", async () => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.addUrl({ url: url.value, findings: phishing, isOffline: true });
    expect(await outcomeOf(url)).toEqual({
      kind: "notKnown",
      reason: "The URL was offline when Intezer opened it",
    });
  });

  const offline = "The URL was offline when Intezer opened it";
  const unopenable = "Intezer cannot open a URL of this form";
  it.each<{ json: object; reason: string }>([
    { json: { error: "Invalid url" }, reason: unopenable },
    { json: { error: "Bad URL" }, reason: unopenable },
    { json: { error: "Unsupported protocol" }, reason: unopenable },
    { json: { error: "Invalid URL: length limit exceeded" }, reason: unopenable },
    {
      json: { error: "The request is not valid", details: { url: ["not a valid URL"] } },
      reason: unopenable,
    },
    { json: { error: "URL is not reachable" }, reason: offline },
    { json: { error: "Could not resolve the host name" }, reason: offline },
    { json: { error: "The request to the page timed out" }, reason: offline },
    { json: { message: "Site is down" }, reason: offline },
    { json: { description: "The web site did not respond" }, reason: offline },
    { json: { error: 5, result: { is_url_offline: "True" } }, reason: offline },
  ])("that Intezer refuses with $json is not known", async ({ json, reason }) => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.script({ match: to("/url"), fault: { status: 400, json } });
    expect(await outcomeOf(url)).toEqual({ kind: "notKnown", reason });
  });

  it.each<{ json: unknown }>([
    { json: { error: "The request is not valid", details: { source: ["unknown field"] } } },
    { json: { message: { source: ["unknown field"] } } },
    { json: { error: "Bad Request" } },
    { json: { error: "Missing field: source" } },
    { json: { error: "Quota exceeded" } },
    { json: { error: "Insufficient Permissions" } },
    { json: {} },
    { json: null },
  ])("whose submission is refused for the request's sake, with $json, has failed", async ({ json }) => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.script({ match: to("/url"), fault: { status: 400, json } });
    expect(await outcomeOf(url)).toEqual({
      kind: "failed",
      reason: "Intezer refused to analyse URLs (HTTP 400)",
    });
  });

  it("is sent with what follows #, since that can decide which page opens", async () => {
    const { simulator, provider } = await startProvider();
    await provider.consult({ ...url, fragment: "#/login?e=x" });
    const sent = simulator.requests.find(({ path }) => path.endsWith("/url"));
    expect(JSON.parse(sent?.body ?? "")).toMatchObject({ url: `${url.value}#/login?e=x` });
  });

  it("that is private is not sent at all", async () => {
    const { provider, calls } = await startProvider();
    expect(await provider.consult({ ...url, byFingerprint: true })).toEqual({
      kind: "final",
      outcome: {
        kind: "off",
        reason: "private URLs are not sent (setting URL_DETAIL), and Intezer has no lookup by fingerprint",
      },
    });
    expect(calls()).toEqual([]);
  });

  it("whose analysis fails has failed", async () => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.addUrl({ url: url.value, findings: phishing, analysis: "fails" });
    expect(await outcomeOf(url)).toMatchObject({ kind: "failed" });
  });
});

it("sends hashes and URLs as from Microsoft Sentinel, and nothing else of the incident", async () => {
  const { simulator, provider } = await startProvider();
  simulator.addFile(malware);
  await provider.consult({ ...file, names: ["secret.docx"] });
  await provider.consult(url);
  const bodies = simulator.requests
    .map(({ body }) => body)
    .filter((body) => body && !body.includes("api_key"));
  expect(bodies.map((body) => JSON.parse(body))).toEqual([
    { hash, requester: "microsoft_sentinel" },
    { url: url.value, source: "microsoft_sentinel" },
  ]);
});

const answer = (status: number, body?: unknown) =>
  analysisStateFrom({ kind: "answer", status, headers: {}, body });

it.each([
  [202, undefined],
  [202, { status: "queued", result_url: "/analyses/1" }],
  [409, {}],
  [200, { status: "created" }],
  [200, { status: "queued" }],
  [200, { status: "in_progress", result: { analysis_id: "1" } }],
])("takes %i with %j for running", (status, body) => {
  expect(answer(status, body)).toEqual({ kind: "running" });
});

it.each(["succeeded", "finished", "Succeeded", "something new", undefined])(
  "takes a result with the status %s for finished",
  (status) => {
    const result = { verdict: "unknown" };
    expect(answer(200, { status, result })).toEqual({ kind: "finished", result });
  },
);

it.each(["failed", "error", "expired"])("takes the status %s for a failure", (status) => {
  expect(answer(200, { status })).toEqual({ kind: "failed" });
});

it.each([404, 410])("takes %i for gone", (status) => {
  expect(answer(status)).toEqual({ kind: "gone" });
});

it.each([
  [200, undefined],
  [200, null],
  [200, { status: "succeeded" }],
  [200, { result: "text" }],
  [201, { status: "succeeded", result: {} }],
  [403, { error: "Insufficient Permissions" }],
  [503, undefined],
])("makes nothing of %i with %j", (status, body) => {
  expect(answer(status, body)).toBeUndefined();
});

it.each(["/analyses/8b9f2363-fdca-4cce-9e20-93f8ca1dd88f", "/url/analysis_id", "/analyses/a:b"])(
  "follows %s",
  (path) => {
    expect(isAnalysisPath(path)).toBe(true);
  },
);

it.each([
  "https://evil.example/analyses/1",
  "//evil.example/analyses/1",
  "/analyses/1/../../x",
  "/analyses/..",
  "/analyses/.",
  "/analyses/%2e%2e",
  "/analyses/1?x=1",
  "/analyses/1#x",
  "/analyses/1\\x",
  "/analyses/",
  "/alerts/1",
  "analyses/1",
  " /analyses/1",
  `/analyses/${"1".repeat(300)}`,
])("never follows %s", (path) => {
  expect(isAnalysisPath(path)).toBe(false);
});

it.each([
  [{ result_url: "/url/1", result: { analysis_id: "2" } }, "/url/1"],
  [{ result: { analysis_id: "2" } }, "/url/2"],
  [{ result_url: "https://evil.example/", result: { analysis_id: "2" } }, "/url/2"],
  [{ result: { analysis_id: "../x" } }, undefined],
  [{ result: { analysis_id: 5 } }, undefined],
  [{}, undefined],
])("finds in %j the path %s", (body, path) => {
  expect(analysisPathIn(envelopeFrom(body), "url")).toBe(path);
});
