import { describe, expect, it } from "vitest";
import { createIntezerProvider } from "../../../clients/intezer/provider";
import { type Provider, switchedOffBy } from "../../../domain/lookups/provider";
import { intezerReplies } from "../../../local/simulators/intezer";
import { continuationOf, file, hash, malicious, malware, startProvider, to } from "./provider-setup";
import { startIntezer } from "./setup";

/** A call for what goes into a card, after the verdict is known. */
const isDetail = (call: string) => /\/(code-reuse|dynamic-ttps|metadata)$/.test(call);

describe("a file", () => {
  it("with a result is answered at once, without a new analysis", async () => {
    const { simulator, outcomeOf, calls } = await startProvider();
    simulator.addFile({ ...malware, latest: "present" });
    expect(await outcomeOf(file)).toMatchObject(malicious);
    expect(calls().filter((call) => !isDetail(call))).toEqual([
      "POST /get-access-token",
      `GET /files/${hash}`,
    ]);
  });

  it("without a result is analysed, and looked at in growing steps until the analysis ends", async () => {
    const { simulator, follow } = await startProvider({ analysisSeconds: 300 });
    simulator.addFile(malware);
    const { consultation, waits } = await follow(file);
    expect(consultation).toMatchObject({ kind: "final", outcome: malicious });
    expect(waits.slice(0, 7)).toEqual([5, 8, 11, 17, 25, 30, 30]);
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("whose analysis never ends stays pending", async () => {
    const { simulator, follow } = await startProvider();
    simulator.addFile({ ...malware, analysis: "neverEnds" });
    const { consultation } = await follow(file, 20);
    expect(consultation).toMatchObject({ kind: "again", cause: "pending", afterSeconds: 30 });
    expect(simulator.analysesStarted()).toBe(1);
  });

  it.each(["not_found", "Not Found"])("of which a 200 says %j is analysed", async (status) => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.addFile(malware);
    simulator.script({ match: to("/files/"), fault: { status: 200, json: { status } } });
    expect(await outcomeOf(file)).toMatchObject(malicious);
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("that Intezer has no copy of is not known", async () => {
    const { outcomeOf } = await startProvider();
    expect(await outcomeOf(file)).toEqual({ kind: "notKnown", reason: "Intezer has no copy of the file" });
  });

  it("whose result has expired is analysed again", async () => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.addFile({ ...malware, latest: "expired" });
    expect(await outcomeOf(file)).toMatchObject(malicious);
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("that is being analysed already is joined, not paid for twice", async () => {
    const { simulator, provider, outcomeOf, pass } = await startProvider({ analysisSeconds: 60 });
    simulator.addFile(malware);
    const [first, second] = await Promise.all([provider.consult(file), provider.consult(file)]);
    expect(continuationOf(first)).toBe(continuationOf(second));
    await pass(10);
    expect(await outcomeOf(file)).toMatchObject(malicious);
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("is found by its latest result when the running analysis is unknown", async () => {
    const { simulator, provider, outcomeOf, calls } = await startProvider({
      conflicts: "bare",
      analysisSeconds: 60,
    });
    simulator.addFile(malware);
    await provider.consult(file);
    expect(await outcomeOf(file)).toMatchObject(malicious);
    expect(simulator.analysesStarted()).toBe(1);
    expect(
      calls()
        .filter((call) => !isDetail(call))
        .at(-1),
    ).toBe(`GET /files/${hash}`);
  });

  it("that a rule of the account skips is off", async () => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.addFile({ ...malware, isSkippedByRule: true });
    expect(await outcomeOf(file)).toEqual({
      kind: "off",
      reason: "A rule of the Intezer account skips it",
    });
  });

  it("that is too large is not known", async () => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.script({ match: to("/analyze-by-hash"), fault: intezerReplies.tooLarge });
    expect(await outcomeOf(file)).toMatchObject({ kind: "notKnown" });
  });

  it("whose analysis fails has failed", async () => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.addFile({ ...malware, analysis: "fails" });
    expect(await outcomeOf(file)).toEqual({ kind: "failed", reason: "Intezer's analysis failed" });
  });

  it("whose analysis is gone is submitted once more", async () => {
    const { simulator, provider, pass, calls } = await startProvider();
    simulator.addFile(malware);
    const first = await provider.consult(file);
    simulator.expireAnalyses();
    const second = await provider.consult(file, continuationOf(first));
    expect(second).toMatchObject({ kind: "again", cause: "pending", afterSeconds: 5 });
    expect(calls().filter((call) => call === "POST /analyze-by-hash")).toHaveLength(2);
    await pass(30);
    const third = await provider.consult(file, continuationOf(second));
    expect(third).toMatchObject({ kind: "final", outcome: malicious });
  });

  it("whose analysis is gone twice has failed", async () => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.addFile(malware);
    simulator.script({ match: to("/analyses/"), fault: { status: 410, json: {} }, times: 2 });
    expect(await outcomeOf(file)).toEqual({ kind: "failed", reason: "Intezer lost the analysis twice" });
    expect(simulator.analysesStarted()).toBe(1);
  });

  it.each([
    ["an empty 202", intezerReplies.emptyAccepted],
    ["a 200 that says so", intezerReplies.runningIn200],
    ["a 409", intezerReplies.conflictBare],
  ])("still runs when a poll is answered with %s", async (_, fault) => {
    const { simulator, provider, pass } = await startProvider();
    simulator.addFile(malware);
    const first = await provider.consult(file);
    await pass(60);
    simulator.script({ match: to("/analyses/"), fault });
    const again = await provider.consult(file, continuationOf(first));
    expect(again).toMatchObject({ kind: "again", cause: "pending", afterSeconds: 8 });
    const last = await provider.consult(file, continuationOf(again));
    expect(last).toMatchObject({ kind: "final", outcome: malicious });
  });

  it("keeps its place when a poll is faulty", async () => {
    const { simulator, provider, pass, calls } = await startProvider();
    simulator.addFile(malware);
    const first = await provider.consult(file);
    await pass(60);
    simulator.script({ match: to("/analyses/"), fault: "cutOff" });
    const faulty = await provider.consult(file, continuationOf(first));
    expect(faulty).toMatchObject({ kind: "again", cause: "fault", afterSeconds: 5 });
    const last = await provider.consult(file, continuationOf(faulty));
    expect(last).toMatchObject({ kind: "final", outcome: malicious });
    expect(calls().filter((call) => call.startsWith("POST /analyze"))).toHaveLength(1);
  });

  it("is not paid for twice when the answer to its submission is lost", async () => {
    const { simulator, provider, outcomeOf } = await startProvider();
    simulator.addFile(malware);
    simulator.script({ match: to("/analyze-by-hash"), fault: "dropAfter" });
    expect(await provider.consult(file)).toMatchObject({ kind: "again", cause: "fault" });
    expect(await outcomeOf(file)).toMatchObject(malicious);
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("whose submission names no path of an analysis is looked up again, and nothing else is called", async () => {
    const { simulator, provider, calls } = await startProvider();
    const fault = { status: 201, json: { result_url: "https://evil.example/analyses/1" } };
    simulator.script({ match: to("/analyze-by-hash"), fault });
    expect(await provider.consult(file)).toMatchObject({ kind: "again", cause: "fault" });
    expect(calls()).toHaveLength(3);
  });

  it.each([
    "{",
    "null",
    '{"polls":-1}',
    '{"path":"https://evil.example/x","polls":1}',
    '{"path":"/x","polls":0}',
  ])("starts over with the senseless continuation %s", async (continuation) => {
    const { simulator, provider, calls } = await startProvider();
    simulator.addFile({ ...malware, latest: "present" });
    expect(await provider.consult(file, continuation)).toMatchObject({ kind: "final", outcome: malicious });
    expect(calls().slice(0, 2)).toEqual(["POST /get-access-token", `GET /files/${hash}`]);
  });

  it("whose result is unreadable is looked up again", async () => {
    const { simulator, provider } = await startProvider();
    const json = { status: "succeeded", result: { verdict: null } };
    simulator.script({ match: to("/files/"), fault: { status: 200, json } });
    expect(await provider.consult(file)).toMatchObject({
      kind: "again",
      cause: "fault",
      reason: "Intezer's result could not be read",
    });
  });

  it("is not judged by the result of another file", async () => {
    const { simulator, provider } = await startProvider();
    simulator.addFile({
      ...malware,
      latest: "present",
      findings: { verdict: "trusted", sha256: "b".repeat(64) },
    });
    expect(await provider.consult(file)).toMatchObject({ kind: "again", cause: "fault" });
  });

  it("names the file's other hashes with its answer", async () => {
    const { simulator, outcomeOf } = await startProvider();
    const [md5, sha1] = ["c".repeat(32), "d".repeat(40)];
    const metadata = { md5: md5.toUpperCase(), sha1, sha256: hash };
    simulator.addFile({ ...malware, md5, sha1, metadata, latest: "present" });
    const hashes = { md5, sha1, sha256: hash };
    expect(await outcomeOf({ kind: "file", value: md5 })).toMatchObject({ answer: { hashes } });
    expect(await outcomeOf(file)).toMatchObject({ answer: { hashes } });
  });
});

describe("the switches", () => {
  const provide = async (files: boolean, urls: boolean): Promise<Provider> => {
    const { client, clock } = await startIntezer();
    return createIntezerProvider({ client, files, urls, now: clock.now });
  };

  it.each([
    [true, true, ["file", "url"], {}],
    [true, false, ["file"], { url: switchedOffBy("INTEZER_URLS") }],
    [false, true, ["url"], { file: switchedOffBy("INTEZER_FILES") }],
    [false, false, [], { file: switchedOffBy("INTEZER_FILES"), url: switchedOffBy("INTEZER_URLS") }],
  ])(
    "files %s and URLs %s say what is looked up, and which setting keeps the rest off",
    async (files, urls, kinds, off) => {
      const provider = await provide(files, urls);
      expect(provider).toMatchObject({ id: "intezer", title: "Intezer", kinds, off });
      expect(Object.keys(provider.off)).toEqual(Object.keys(off));
    },
  );

  it("keep Intezer from being asked", async () => {
    const provider = await provide(false, true);
    expect(await provider.consult(file)).toMatchObject({
      kind: "final",
      outcome: { kind: "off", reason: expect.stringContaining("INTEZER_FILES") },
    });
    expect(await provider.consult({ kind: "domain", value: "example.net" })).toMatchObject({
      kind: "final",
      outcome: { kind: "off" },
    });
  });
});
