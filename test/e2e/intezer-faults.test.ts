import { expect, it } from "vitest";
import type { Fault, SimulatorRequest } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { fileHash, url } from "../support/entities";

const { cleanFile, maliciousFile } = knownToVirusTotal;
const error = (status: number, text: string, headers?: Record<string, string>): Fault => ({
  status,
  json: { error: text },
  ...(headers ? { headers } : {}),
});
/** Only Intezer is asked, so that its outcomes are the verdicts. */
const settings = { VIRUSTOTAL_API_KEY: "" };

const latest = "/api/v2-0/files/";
const submit = "/api/v2-0/analyze-by-hash";
const analysis = "/api/v2-0/analyses/";

describeStories({ title: "When Intezer fails for one file", settings, needsSkippingClock: true }, (app) => {
  it.each<[string, string, Fault, number, string]>([
    ["401 once", latest, error(401, ""), 1, "answered"],
    ["403 for quota", submit, error(403, "Account has reached action quota"), 99, "notChecked"],
    ["403 for a right", submit, error(403, "Insufficient Permissions"), 99, "notChecked"],
    ["404 on submit", submit, error(404, "File not found"), 1, "notKnown"],
    ["409 without an id", submit, { status: 409, json: {} }, 1, "answered"],
    [
      "409 for a rule",
      submit,
      { status: 409, json: { result: { is_skipped_by_rule: true } } },
      1,
      "notKnown",
    ],
    ["410 for the latest result", latest, error(410, "Analysis expired"), 1, "answered"],
    ["429 with a fractional Retry-After", latest, error(429, "", { "retry-after": "2.5" }), 2, "answered"],
    ["503 as HTML", latest, { status: 503, text: "<h1>Unavailable</h1>" }, 2, "answered"],
    ["503 as HTML every time", latest, { status: 503, text: "<h1>Unavailable</h1>" }, 99, "notChecked"],
    ["a connection lost after the submission", submit, "dropAfter", 1, "answered"],
    ["a failed analysis", analysis, { status: 200, json: { status: "failed" } }, 1, "notChecked"],
  ])(
    "with %s, it is told so and the other file is unaffected",
    async (_case, path, fault, times, outcome) => {
      let isOn = true;
      const { intezer } = app().services;
      // The clean file's latest result is not there at first, so it goes through all steps.
      intezer.expireAnalyses();
      const isClean = ({ path: asked, body }: SimulatorRequest) =>
        asked.startsWith(path) && (path === analysis || `${asked}${body}`.includes(cleanFile.sha256));
      intezer.script({ match: (request) => isOn && isClean(request), fault, times });
      const incident = await app().enrich({
        entities: [fileHash(cleanFile.sha256), fileHash(maliciousFile.sha256)],
      });
      isOn = false;
      expect(incident.output.malicious).toBe(1);
      const counts = {
        answered: { clean: 1, unknown: 0, notChecked: 0 },
        notChecked: { clean: 0, unknown: 1, notChecked: 1 },
        notKnown: { clean: 0, unknown: 1, notChecked: 0 },
      };
      expect(incident.output).toMatchObject(counts[outcome as keyof typeof counts]);
      expect(incident.tags.includes("enrichment-incomplete")).toBe(outcome === "notChecked");
    },
  );
});

describeStories(
  { title: "When Intezer refuses every token", settings, options: { intezer: { apiKey: "another-key" } } },
  (app) => {
    it("the comment says which setting to look at, and nothing is called clean", async () => {
      const incident = await app().enrich({ entities: [fileHash(cleanFile.sha256)] });
      expect(incident.output).toMatchObject({ clean: 0, notChecked: 1 });
      expect(incident.comment).toContain("INTEZER");
    });
  },
);

describeStories({ title: "An analysis that never ends", settings, needsSkippingClock: true }, (app) => {
  it("is pending in the first comment, and not answered in the update", async () => {
    const sha256 = "c".repeat(64);
    app().services.intezer.addFile({ sha256, analysis: "neverEnds", findings: {} });
    const incident = await app().enrich({ entities: [fileHash(sha256)] });
    expect(incident.comments).toHaveLength(2);
    expect(incident.comments[0]?.html).toMatch(/pending/i);
    expect(incident.comments[1]?.html).toMatch(/no answer before the deadline/i);
    expect(incident.output).toMatchObject({ verdict: "unknown", notChecked: 1 });
    expect(incident.tags).toEqual(["enriched", "verdict-unknown", "enrichment-incomplete"]);
  });
});

describeStories(
  {
    title: "What speaks against a verdict",
    settings: { ...settings, INTEZER_URLS: "true" },
    needsSkippingClock: true,
  },
  (app) => {
    const page = "http://login-update.example.com/";
    const clean = { verdict_type: "no_threats", verdict_name: "no_threats", title: "No Threats" };
    const indicators = [{ classification: "malicious", text: "Domain is blocklisted" }];

    it("is in the row of a URL that Intezer calls clean", async () => {
      const findings = { summary: clean, indicators, api_void_risk_score: 87 };
      app().services.intezer.addUrl({ url: page, findings });
      const incident = await app().enrich({ entities: [url(page)] });
      expect(incident.output).toMatchObject({ malicious: 0, clean: 1 });
      expect(incident.comment).toContain(
        "No threats, but an ApiVoid risk score of 87 and a malicious indicator: Domain is blocklisted",
      );
    });

    it("is in the row of a URL without a verdict, which is not clean", async () => {
      const address = `${page}2`;
      app().services.intezer.addUrl({ url: address, findings: { indicators } });
      const incident = await app().enrich({ entities: [url(address)] });
      expect(incident.output).toMatchObject({ verdict: "unknown", clean: 0, unknown: 1, notChecked: 0 });
      expect(incident.comment).toContain("No verdict, but a malicious indicator: Domain is blocklisted");
    });
  },
);
