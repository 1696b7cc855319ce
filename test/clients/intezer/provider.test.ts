import { describe, expect, it } from "vitest";
import { createIntezerProvider } from "../../../clients/intezer/provider";
import type { Indicator } from "../../../domain/indicator";
import type { Consultation, Provider } from "../../../domain/provider";
import { type IntezerSimulatorOptions, intezerReplies } from "../../../local/simulators/intezer";
import type { IntezerFile } from "../../../local/simulators/intezer-data";
import type { Script, SimulatorRequest } from "../../../local/simulators/simulator";
import { startIntezer } from "./setup";

const hash = "a".repeat(64);
const file: Indicator = { kind: "file", value: hash };
const malware: IntezerFile = {
  sha256: hash,
  findings: { verdict: "malicious", sub_verdict: "malicious", family_name: "Cedar" },
};
const url: Indicator = { kind: "url", value: "http://example.net/" };
const phishing = { summary: { verdict_type: "malicious", verdict_name: "phishing", title: "Malicious URL" } };

const to =
  (part: string): Script["match"] =>
  ({ path }: SimulatorRequest) =>
    path.includes(part);

async function start(options: Partial<IntezerSimulatorOptions> = {}) {
  const intezer = await startIntezer(options);
  const provider = createIntezerProvider({
    session: intezer.session,
    files: true,
    urls: true,
    now: intezer.clock.now,
  });

  /** Consults as the orchestration does, until something other than "pending" comes; waits in seconds. */
  const follow = async (indicator: Indicator, atMost = 50) => {
    const waits: number[] = [];
    let consultation = await provider.consult(indicator);
    while (isPending(consultation) && waits.length < atMost) {
      waits.push(consultation.afterSeconds);
      await intezer.pass(consultation.afterSeconds);
      consultation = await provider.consult(indicator, consultation.continuation);
    }
    return { consultation, waits };
  };
  const outcomeOf = async (indicator: Indicator) => {
    const { consultation } = await follow(indicator);
    return consultation.kind === "final" ? consultation.outcome : consultation;
  };
  return { ...intezer, provider, follow, outcomeOf };
}

type Again = Extract<Consultation, { kind: "again" }>;

function isPending(consultation: Consultation): consultation is Again {
  return consultation.kind === "again" && consultation.cause === "pending";
}

const malicious = { kind: "answered", answer: { verdict: "malicious" } };

describe("a file", () => {
  it("with a result is answered at once, without a new analysis", async () => {
    const { simulator, outcomeOf, calls } = await start();
    simulator.addFile({ ...malware, latest: "present" });
    expect(await outcomeOf(file)).toMatchObject(malicious);
    expect(calls()).toEqual(["POST /get-access-token", `GET /files/${hash}`]);
  });

  it("without a result is analysed, and looked at in growing steps until the analysis ends", async () => {
    const { simulator, follow } = await start({ analysisSeconds: 300 });
    simulator.addFile(malware);
    const { consultation, waits } = await follow(file);
    expect(consultation).toMatchObject({ kind: "final", outcome: malicious });
    expect(waits.slice(0, 7)).toEqual([5, 8, 11, 17, 25, 30, 30]);
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("whose analysis never ends stays pending", async () => {
    const { simulator, follow } = await start();
    simulator.addFile({ ...malware, analysis: "neverEnds" });
    const { consultation } = await follow(file, 20);
    expect(consultation).toMatchObject({ kind: "again", cause: "pending", afterSeconds: 30 });
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("that Intezer has no copy of is not known", async () => {
    const { outcomeOf } = await start();
    expect(await outcomeOf(file)).toEqual({ kind: "notKnown", reason: "Intezer has no copy of the file" });
  });

  it("whose result has expired is analysed again", async () => {
    const { simulator, outcomeOf } = await start();
    simulator.addFile({ ...malware, latest: "expired" });
    expect(await outcomeOf(file)).toMatchObject(malicious);
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("that is being analysed already is joined, not paid for twice", async () => {
    const { simulator, provider, outcomeOf, pass } = await start({ analysisSeconds: 60 });
    simulator.addFile(malware);
    const [first, second] = await Promise.all([provider.consult(file), provider.consult(file)]);
    expect(first.kind === "again" && first.continuation).toBe(second.kind === "again" && second.continuation);
    await pass(10);
    expect(await outcomeOf(file)).toMatchObject(malicious);
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("is found by its latest result when nobody says which analysis runs", async () => {
    const { simulator, provider, outcomeOf, calls } = await start({ conflicts: "bare", analysisSeconds: 60 });
    simulator.addFile(malware);
    await provider.consult(file);
    expect(await outcomeOf(file)).toMatchObject(malicious);
    expect(simulator.analysesStarted()).toBe(1);
    expect(calls().at(-1)).toBe(`GET /files/${hash}`);
  });

  it("that a rule of the account skips is off", async () => {
    const { simulator, outcomeOf } = await start();
    simulator.addFile({ ...malware, isSkippedByRule: true });
    expect(await outcomeOf(file)).toEqual({
      kind: "off",
      reason: "A rule of the Intezer account skips it",
    });
  });

  it("that is too large is not known", async () => {
    const { simulator, outcomeOf } = await start();
    simulator.script({ match: to("/analyze-by-hash"), fault: intezerReplies.tooLarge });
    expect(await outcomeOf(file)).toMatchObject({ kind: "notKnown" });
  });

  it("whose analysis fails has failed", async () => {
    const { simulator, outcomeOf } = await start();
    simulator.addFile({ ...malware, analysis: "fails" });
    expect(await outcomeOf(file)).toEqual({ kind: "failed", reason: "Intezer's analysis failed" });
  });

  it("whose analysis is gone is submitted once more", async () => {
    const { simulator, provider, pass, calls } = await start();
    simulator.addFile(malware);
    const first = await provider.consult(file);
    simulator.expireAnalyses();
    const second = await provider.consult(file, first.kind === "again" ? first.continuation : undefined);
    expect(second).toMatchObject({ kind: "again", cause: "pending", afterSeconds: 5 });
    expect(calls().filter((call) => call === "POST /analyze-by-hash")).toHaveLength(2);
    await pass(30);
    const third = await provider.consult(file, second.kind === "again" ? second.continuation : undefined);
    expect(third).toMatchObject({ kind: "final", outcome: malicious });
  });

  it("whose analysis is gone twice has failed", async () => {
    const { simulator, outcomeOf } = await start();
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
    const { simulator, provider, pass } = await start();
    simulator.addFile(malware);
    const first = await provider.consult(file);
    await pass(60);
    simulator.script({ match: to("/analyses/"), fault });
    const again = await provider.consult(file, first.kind === "again" ? first.continuation : undefined);
    expect(again).toMatchObject({ kind: "again", cause: "pending", afterSeconds: 8 });
    const last = await provider.consult(file, again.kind === "again" ? again.continuation : undefined);
    expect(last).toMatchObject({ kind: "final", outcome: malicious });
  });

  it("keeps its place when a poll is faulty", async () => {
    const { simulator, provider, pass, calls } = await start();
    simulator.addFile(malware);
    const first = await provider.consult(file);
    await pass(60);
    simulator.script({ match: to("/analyses/"), fault: "cutOff" });
    const faulty = await provider.consult(file, first.kind === "again" ? first.continuation : undefined);
    expect(faulty).toMatchObject({ kind: "again", cause: "fault", afterSeconds: 5 });
    const last = await provider.consult(file, faulty.kind === "again" ? faulty.continuation : undefined);
    expect(last).toMatchObject({ kind: "final", outcome: malicious });
    expect(calls().filter((call) => call.startsWith("POST /analyze"))).toHaveLength(1);
  });

  it("is not paid for twice when the answer to its submission is lost", async () => {
    const { simulator, provider, outcomeOf } = await start();
    simulator.addFile(malware);
    simulator.script({ match: to("/analyze-by-hash"), fault: "dropAfter" });
    expect(await provider.consult(file)).toMatchObject({ kind: "again", cause: "fault" });
    expect(await outcomeOf(file)).toMatchObject(malicious);
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("whose submission names no path of an analysis is asked about again, and nothing else is called", async () => {
    const { simulator, provider, calls } = await start();
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
  ])("begins anew with the senseless continuation %s", async (continuation) => {
    const { simulator, provider, calls } = await start();
    simulator.addFile({ ...malware, latest: "present" });
    expect(await provider.consult(file, continuation)).toMatchObject({ kind: "final", outcome: malicious });
    expect(calls()).toEqual(["POST /get-access-token", `GET /files/${hash}`]);
  });

  it("whose result is unreadable is asked about again", async () => {
    const { simulator, provider } = await start();
    simulator.addFile({ sha256: hash, findings: { verdict: null }, latest: "present" });
    expect(await provider.consult(file)).toMatchObject({
      kind: "again",
      cause: "fault",
      reason: "Intezer's result was not readable",
    });
  });
});

describe("a URL", () => {
  it("is analysed, and looked at until the analysis ends", async () => {
    const { simulator, outcomeOf, calls } = await start();
    simulator.addUrl({ url: url.value, findings: phishing });
    expect(await outcomeOf(url)).toMatchObject(malicious);
    expect(calls().slice(0, 2)).toEqual(["POST /get-access-token", "POST /url"]);
    expect(calls()[2]).toMatch(/^GET \/url\/[\w-]+$/);
  });

  it("that is being analysed already is joined", async () => {
    const { simulator, provider, outcomeOf } = await start();
    simulator.addUrl({ url: url.value, findings: phishing });
    await provider.consult(url);
    expect(await outcomeOf(url)).toMatchObject(malicious);
    expect(simulator.analysesStarted()).toBe(1);
  });

  it("that was offline is not known", async () => {
    const { simulator, outcomeOf } = await start();
    simulator.addUrl({ url: url.value, findings: phishing, isOffline: true });
    expect(await outcomeOf(url)).toEqual({
      kind: "notKnown",
      reason: "The URL was offline when Intezer opened it",
    });
  });

  it.each(["Invalid url", "Bad url"])("that Intezer calls %j is not known", async (error) => {
    const { simulator, outcomeOf } = await start();
    simulator.script({ match: to("/url"), fault: { status: 400, json: { error } } });
    expect(await outcomeOf(url)).toMatchObject({ kind: "notKnown" });
  });

  it("whose submission is refused for another reason has failed", async () => {
    const { simulator, outcomeOf } = await start();
    const json = { error: "The request is not valid", details: { source: ["unknown field"] } };
    simulator.script({ match: to("/url"), fault: { status: 400, json } });
    expect(await outcomeOf(url)).toEqual({
      kind: "failed",
      reason: "Intezer refused to analyse URLs (HTTP 400)",
    });
  });

  it("whose analysis fails has failed", async () => {
    const { simulator, outcomeOf } = await start();
    simulator.addUrl({ url: url.value, findings: phishing, analysis: "fails" });
    expect(await outcomeOf(url)).toMatchObject({ kind: "failed" });
  });
});

describe("a 403", () => {
  const tomorrow = (now: number) => new Date(now).setUTCHours(24, 0, 0, 0);

  it.each([
    ["at a submission, naming the quota", "/analyze-by-hash", intezerReplies.quotaSpent],
    ["at a submission, naming nothing known", "/analyze-by-hash", intezerReplies.forbidden],
    ["at the latest result, naming the quota", "/files/", intezerReplies.quotaSpent],
  ])("%s, means that the quota is spent until midnight UTC", async (_, path, fault) => {
    const { simulator, outcomeOf, clock } = await start();
    simulator.script({ match: to(path), fault });
    expect(await outcomeOf(file)).toEqual({
      kind: "notChecked",
      cause: "quota",
      reason: "The quota of the Intezer account is spent (HTTP 403)",
      possibleAt: tomorrow(clock.now()),
    });
  });

  it.each([
    ["/analyze-by-hash", intezerReplies.permissionMissing, "analyse files by hash"],
    ["/files/", intezerReplies.permissionMissing, "read analyses of files"],
    ["/files/", intezerReplies.forbidden, "read analyses of files"],
  ])("at %s means that a right is missing, and says which", async (path, fault, right) => {
    const { simulator, outcomeOf } = await start();
    simulator.script({ match: to(path), fault });
    expect(await outcomeOf(file)).toMatchObject({
      kind: "notChecked",
      cause: "right",
      reason: expect.stringContaining(right),
    });
  });

  it("comes when the day's analyses are used up, and goes at midnight", async () => {
    const { simulator, outcomeOf, clock, pass } = await start({ analysesPerDay: 1 });
    simulator.addFile(malware);
    simulator.addUrl({ url: url.value, findings: phishing });
    await outcomeOf(file);
    const spent = await outcomeOf(url);
    expect(spent).toMatchObject({ kind: "notChecked", cause: "quota" });
    await pass((tomorrow(clock.now()) - clock.now()) / 1000 + 1);
    expect(await outcomeOf(url)).toMatchObject(malicious);
  });
});

describe("a 429", () => {
  const inSeconds = (now: number, seconds: number) => String(now / 1000 + seconds);

  it.each<[title: string, headers: (now: number) => Record<string, string>, seconds: number]>([
    ["a fractional Retry-After", () => ({ "Retry-After": "12.5" }), 12.5],
    [
      "Retry-After and a reset",
      (now) => ({ "Retry-After": "30", "X-RateLimit-Reset": inSeconds(now, 90) }),
      30,
    ],
    ["a reset only", (now) => ({ "X-RateLimit-Reset": inSeconds(now, 90.5) }), 90],
    ["a reset that has passed", (now) => ({ "X-RateLimit-Reset": inSeconds(now, -90) }), 1],
    ["a senseless reset", () => ({ "X-RateLimit-Reset": "soon" }), 60],
    ["no header", () => ({}), 60],
  ])("with %s pauses the provider", async (_, headers, seconds) => {
    const { simulator, provider, clock } = await start();
    simulator.script({ match: to("/files/"), fault: intezerReplies.rateLimited(headers(clock.now())) });
    const paused = await provider.consult(file);
    expect(paused).toMatchObject({ kind: "again", cause: "quota" });
    expect(paused.kind === "again" && Math.round(paused.afterSeconds * 2) / 2).toBeCloseTo(seconds, 0);
  });

  it("while an analysis runs does not lose it", async () => {
    const { simulator, provider, pass } = await start();
    simulator.addFile(malware);
    const first = await provider.consult(file);
    await pass(60);
    simulator.script({ match: to("/analyses/"), fault: intezerReplies.rateLimited({}) });
    const paused = await provider.consult(file, first.kind === "again" ? first.continuation : undefined);
    const last = await provider.consult(file, paused.kind === "again" ? paused.continuation : undefined);
    expect(last).toMatchObject({ kind: "final", outcome: malicious });
    expect(simulator.analysesStarted()).toBe(1);
  });
});

describe("the switches", () => {
  const provide = async (files: boolean, urls: boolean): Promise<Provider> => {
    const { session, clock } = await startIntezer();
    return createIntezerProvider({ session, files, urls, now: clock.now });
  };

  it.each([
    [true, true, ["file", "url"], {}],
    [true, false, ["file"], { url: "INTEZER_URLS" }],
    [false, true, ["url"], { file: "INTEZER_FILES" }],
    [false, false, [], { file: "INTEZER_FILES", url: "INTEZER_URLS" }],
  ])(
    "files %s and URLs %s say what is asked about, and which setting keeps the rest off",
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

it("sends hashes and URLs as from Microsoft Sentinel, and nothing else of the incident", async () => {
  const { simulator, provider } = await start();
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
