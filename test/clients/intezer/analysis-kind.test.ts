import { describe, expect, it } from "vitest";
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

  it.each(["Invalid url", "Bad url"])("that Intezer calls %j is not known", async (error) => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.script({ match: to("/url"), fault: { status: 400, json: { error } } });
    expect(await outcomeOf(url)).toMatchObject({ kind: "notKnown" });
  });

  it("whose submission is refused for another reason has failed", async () => {
    const { simulator, outcomeOf } = await startProvider();
    const json = { error: "The request is not valid", details: { source: ["unknown field"] } };
    simulator.script({ match: to("/url"), fault: { status: 400, json } });
    expect(await outcomeOf(url)).toEqual({
      kind: "failed",
      reason: "Intezer refused to analyse URLs (HTTP 400)",
    });
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
