import { describe, expect, it } from "vitest";
import { intezerReplies } from "../../../local/simulators/intezer";
import { continuationOf, file, malicious, malware, phishing, startProvider, to, url } from "./provider-setup";

describe("a 403", () => {
  const tomorrow = (now: number) => new Date(now).setUTCHours(24, 0, 0, 0);

  it.each([
    ["at a submission, naming the quota", "/analyze-by-hash", intezerReplies.quotaSpent],
    ["at a submission, naming nothing known", "/analyze-by-hash", intezerReplies.forbidden],
    ["at the latest result, naming the quota", "/files/", intezerReplies.quotaSpent],
  ])("%s, means that the quota is spent until midnight UTC", async (_, path, fault) => {
    const { simulator, outcomeOf, clock } = await startProvider();
    simulator.script({ match: to(path), fault });
    expect(await outcomeOf(file)).toEqual({
      kind: "notChecked",
      cause: "quota",
      reason: "The quota of the Intezer account is used up (HTTP 403)",
      possibleAt: tomorrow(clock.now()),
    });
  });

  it.each([
    ["/analyze-by-hash", intezerReplies.permissionMissing, "analyse files by hash"],
    ["/files/", intezerReplies.permissionMissing, "read analyses of files"],
    ["/files/", intezerReplies.forbidden, "read analyses of files"],
  ])("at %s means that a right is missing, and says which", async (path, fault, right) => {
    const { simulator, outcomeOf } = await startProvider();
    simulator.script({ match: to(path), fault });
    expect(await outcomeOf(file)).toMatchObject({
      kind: "notChecked",
      cause: "right",
      reason: expect.stringContaining(right),
    });
  });

  it("comes when the day's analyses are used up, and goes at midnight", async () => {
    const { simulator, outcomeOf, clock, pass } = await startProvider({ analysesPerDay: 1 });
    simulator.addFile(malware);
    simulator.addUrl({ url: url.value, findings: phishing });
    const passMidnight = () => pass((tomorrow(clock.now()) - clock.now()) / 1000 + 1);
    await passMidnight();
    await outcomeOf(file);
    expect(await outcomeOf(url)).toMatchObject({ kind: "notChecked", cause: "quota" });
    await passMidnight();
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
    ["a reset only", (now) => ({ "X-RateLimit-Reset": inSeconds(now, 90.5) }), 90.5],
    ["a reset that has passed", (now) => ({ "X-RateLimit-Reset": inSeconds(now, -90) }), 1],
    ["a senseless reset", () => ({ "X-RateLimit-Reset": "soon" }), 60],
    ["no header", () => ({}), 60],
  ])("with %s pauses the provider", async (_, headers, seconds) => {
    const { simulator, provider, clock } = await startProvider();
    simulator.script({ match: to("/files/"), fault: intezerReplies.rateLimited(headers(clock.now())) });
    const paused = await provider.consult(file);
    expect(paused).toMatchObject({ kind: "again", cause: "quota" });
    const afterSeconds = paused.kind === "again" ? paused.afterSeconds : Number.NaN;
    // The clock goes on while the request is under way.
    expect(afterSeconds).toBeGreaterThan(seconds - 1);
    expect(afterSeconds).toBeLessThanOrEqual(seconds);
  });

  it("while an analysis runs does not lose it", async () => {
    const { simulator, provider, pass } = await startProvider();
    simulator.addFile(malware);
    const first = await provider.consult(file);
    await pass(60);
    simulator.script({ match: to("/analyses/"), fault: intezerReplies.rateLimited({}) });
    const paused = await provider.consult(file, continuationOf(first));
    const last = await provider.consult(file, continuationOf(paused));
    expect(last).toMatchObject({ kind: "final", outcome: malicious });
    expect(simulator.analysesStarted()).toBe(1);
  });
});

it("that leads elsewhere is not followed, and names the setting to check", async () => {
  const { simulator, provider, calls } = await startProvider();
  const headers = { location: "https://evil.example/" };
  simulator.script({ match: to("/files/"), fault: { status: 302, headers } });
  expect(await provider.consult(file)).toMatchObject({
    kind: "again",
    cause: "fault",
    reason: expect.stringContaining("check INTEZER_ENDPOINT"),
  });
  expect(calls()).toHaveLength(2);
});
