import { expect, it } from "vitest";
import type { Fault, SimulatorRequest } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { fileHash, url } from "../support/entities";

const { cleanFile, maliciousFile } = knownToVirusTotal;
const error = (status: number, text: string, headers?: Record<string, string>): Fault => ({
  status,
  json: { error: text },
  ...(headers ? { headers } : {}),
});
/** Only Intezer is asked, so that its outcomes are the verdicts. */
const onlyIntezer = { "x-enricher-without": "virustotal" };

const latest = "/api/v2-0/files/";
const submit = "/api/v2-0/analyze-by-hash";
const analysis = "/api/v2-0/analyses/";

interface Case {
  readonly title: string;
  /** Begin of the path of the request that fails. */
  readonly path: string;
  readonly fault: Fault;
  readonly times: number;
  readonly outcome: "answered" | "notChecked" | "notKnown";
}

const html: Fault = { status: 503, text: "<h1>Unavailable</h1>" };
const skipped: Fault = { status: 409, json: { result: { is_skipped_by_rule: true } } };
const quotaSpent = error(403, "Account has reached action quota");
const busy = error(429, "", { "retry-after": "2.5" });
const failed: Fault = { status: 200, json: { status: "failed" } };

const prompt: readonly Case[] = [
  { title: "401 once", path: latest, fault: error(401, ""), times: 1, outcome: "answered" },
  { title: "403 for quota", path: submit, fault: quotaSpent, times: 99, outcome: "notChecked" },
  {
    title: "403 for a right",
    path: submit,
    fault: error(403, "Insufficient Permissions"),
    times: 99,
    outcome: "notChecked",
  },
  {
    title: "404 on submit",
    path: submit,
    fault: error(404, "File not found"),
    times: 1,
    outcome: "notKnown",
  },
  {
    title: "409 without an id",
    path: submit,
    fault: { status: 409, json: {} },
    times: 1,
    outcome: "answered",
  },
  { title: "409 for a rule", path: submit, fault: skipped, times: 1, outcome: "notKnown" },
  {
    title: "410 for the latest result",
    path: latest,
    fault: error(410, "Analysis expired"),
    times: 1,
    outcome: "answered",
  },
  { title: "429 with a fractional Retry-After", path: latest, fault: busy, times: 2, outcome: "answered" },
  { title: "503 as HTML once", path: latest, fault: html, times: 1, outcome: "answered" },
  {
    title: "a connection lost after the submission",
    path: submit,
    fault: "dropAfter",
    times: 1,
    outcome: "answered",
  },
  { title: "a failed analysis", path: analysis, fault: failed, times: 1, outcome: "notChecked" },
];

const patient: readonly Case[] = [
  { title: "503 as HTML", path: latest, fault: html, times: 2, outcome: "answered" },
  { title: "503 as HTML every time", path: latest, fault: html, times: 99, outcome: "notChecked" },
];

const counts = {
  answered: { clean: 1, unknown: 0, notChecked: 0 },
  notChecked: { clean: 0, unknown: 1, notChecked: 1 },
  notKnown: { clean: 0, unknown: 1, notChecked: 0 },
};

const failsForOne = (cases: readonly Case[]) => (app: () => Enricher) => {
  it.each(cases)(
    "with $title, it is $outcome and the other file is unaffected",
    async ({ path, fault, times, outcome }) => {
      let isOn = true;
      const { intezer } = app().services;
      // The clean file's latest result is not there at first, so it goes through all steps.
      intezer.expireAnalyses();
      const isClean = ({ path: asked, body }: SimulatorRequest) =>
        asked.startsWith(path) && (path === analysis || `${asked}${body}`.includes(cleanFile.sha256));
      intezer.script({ match: (request) => isOn && isClean(request), fault, times });
      const entities = [fileHash(cleanFile.sha256), fileHash(maliciousFile.sha256)];
      const incident = await app().enrich({ entities }, onlyIntezer);
      isOn = false;
      expect(incident.output).toMatchObject({ malicious: 1, ...counts[outcome] });
      expect(incident.tags.includes("enrichment-incomplete")).toBe(outcome === "notChecked");
    },
  );
};

describeStories({ title: "When Intezer fails for one file" }, failsForOne(prompt));
describeStories(
  { title: "When Intezer fails for one file for longer", onlyHere: "minutes pass in it" },
  failsForOne(patient),
);

describeStories(
  { title: "When Intezer refuses every token", options: { intezer: { apiKey: "another-key" } } },
  (app) => {
    it("the comment says which setting to look at, and nothing is called clean", async () => {
      const incident = await app().enrich({ entities: [fileHash(cleanFile.sha256)] }, onlyIntezer);
      expect(incident.output).toMatchObject({ clean: 0, notChecked: 1 });
      expect(incident.comment).toContain("INTEZER");
    });
  },
);

describeStories({ title: "An analysis that never ends" }, (app) => {
  it("is pending in the first comment, and not answered in the update", async () => {
    const sha256 = "c0".repeat(32);
    app().services.intezer.addFile({ sha256, analysis: "neverEnds", findings: {} });
    const incident = await app().enrich({ entities: [fileHash(sha256)] }, onlyIntezer);
    expect(incident.comments).toHaveLength(2);
    expect(incident.comments[0]?.html).toMatch(/pending/i);
    expect(incident.comments[1]?.html).toMatch(/no answer before the deadline/i);
    expect(incident.output).toMatchObject({ verdict: "unknown", notChecked: 1 });
    expect(incident.tags).toEqual(["enriched", "verdict-unknown", "enrichment-incomplete"]);
  });
});

describeStories({ title: "What speaks against a verdict" }, (app) => {
  const page = "http://login-update.example.com/";
  const clean = { verdict_type: "no_threats", verdict_name: "no_threats", title: "No Threats" };
  const indicators = [{ classification: "malicious", text: "Domain is blocklisted" }];

  it("is in the row of a URL that Intezer calls clean", async () => {
    const findings = { summary: clean, indicators, api_void_risk_score: 87 };
    app().services.intezer.addUrl({ url: page, findings });
    const incident = await app().enrich({ entities: [url(page)] }, onlyIntezer);
    expect(incident.output).toMatchObject({ malicious: 0, clean: 1 });
    expect(incident.comment).toContain(
      "no threats, but an ApiVoid risk score of 87 and a malicious indicator: Domain is blocklisted",
    );
  });

  it("is in the row of a URL without a verdict, which is not clean", async () => {
    const address = `${page}2`;
    app().services.intezer.addUrl({ url: address, findings: { indicators } });
    const incident = await app().enrich({ entities: [url(address)] }, onlyIntezer);
    expect(incident.output).toMatchObject({ verdict: "unknown", clean: 0, unknown: 1, notChecked: 0 });
    expect(incident.comment).toContain("no verdict, but a malicious indicator: Domain is blocklisted");
  });
});
