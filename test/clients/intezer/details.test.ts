import { describe, expect, it } from "vitest";
import { readDetails } from "../../../clients/intezer/analysis";
import type { Consultation } from "../../../domain/lookups/provider";
import { intezerReplies } from "../../../local/simulators/intezer";
import type { Script } from "../../../local/simulators/simulator";
import { file, malware, startProvider, to } from "./provider-setup";

const known = {
  ...malware,
  latest: "present",
  codeReuse: { gene_count: 15, families: [{ family_name: "Cedar", reused_gene_count: 15 }] },
  behaviours: [{ name: "InjectionInterProcess", severity: 3 }],
  metadata: { file_type: "pe" },
} as const;

const titlesOf = (consultation: Consultation) =>
  consultation.kind === "final" && consultation.outcome.kind === "answered"
    ? consultation.outcome.answer.card?.sections.map(({ title }) => title)
    : undefined;

const isDetail = (call: string) => /\/(code-reuse|dynamic-ttps|metadata)$/.test(call);

describe("details of a file", () => {
  it("are read by id when it is malicious", async () => {
    const { simulator, provider, calls } = await startProvider();
    simulator.addFile(known);
    expect(titlesOf(await provider.consult(file))).toEqual(["Analysis", "Code reuse", "Behaviours", "File"]);
    expect(calls().filter(isDetail)).toHaveLength(3);
    expect(simulator.analysesStarted()).toBe(0);
  });

  it("are read when a new analysis has ended, too", async () => {
    const { simulator, follow } = await startProvider();
    simulator.addFile({ ...known, latest: "none" });
    const { consultation } = await follow(file);
    expect(titlesOf(consultation)).toContain("Code reuse");
  });

  it.each(["trusted", "no_threats", "unknown"])("are not asked for when it is %s", async (verdict) => {
    const { simulator, provider, calls } = await startProvider();
    simulator.addFile({ ...known, findings: { verdict } });
    expect(titlesOf(await provider.consult(file))).toEqual(["Analysis"]);
    expect(calls().filter(isDetail)).toEqual([]);
  });

  it("that Intezer does not have are absent", async () => {
    const { simulator, provider } = await startProvider();
    simulator.addFile({ ...malware, latest: "present" });
    expect(titlesOf(await provider.consult(file))).toEqual(["Analysis"]);
  });

  it.each<[what: string, fault: Script["fault"]]>([
    ["not in the plan", intezerReplies.permissionMissing],
    ["over the quota", intezerReplies.quotaSpent],
    ["throttled", intezerReplies.rateLimited({ "retry-after": "60" })],
    ["down", intezerReplies.unavailable],
    ["refused with a 401", intezerReplies.tokenRefused],
    ["HTML", { status: 200, text: "<html></html>" }],
    ["of another shape", { status: 200, json: { result: "none" } }],
    ["cut off", "cutOff"],
  ])("that are %s change nothing but the card", async (_, fault) => {
    const { simulator, provider } = await startProvider();
    simulator.addFile(known);
    simulator.script({ match: to("/dynamic-ttps"), fault, times: 9 });
    const consultation = await provider.consult(file);
    expect(consultation).toMatchObject({ kind: "final", outcome: { answer: { verdict: "malicious" } } });
    expect(titlesOf(consultation)).toEqual(["Analysis", "Code reuse", "File"]);
  });

  it("are not waited for without end", async () => {
    const { simulator, provider } = await startProvider({}, { detailsMs: 200 });
    simulator.addFile(known);
    simulator.script({ match: to("/metadata"), fault: "hang" });
    expect(titlesOf(await provider.consult(file))).toEqual(["Analysis", "Code reuse", "Behaviours"]);
  });

  it.each([undefined, 5, "../../accounts/me", "a/b", "", "x?y"])(
    "are not asked for under the senseless id %s",
    async (analysis_id) => {
      const asked: string[] = [];
      const read = async (path: string) => void asked.push(path);
      expect(await readDetails({ verdict: "malicious", analysis_id }, read)).toEqual({});
      expect(asked).toEqual([]);
    },
  );
});
