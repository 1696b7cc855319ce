import { convert } from "html-to-text";
import { expect, it } from "vitest";
import type { Fault, SimulatorRequest } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address, domain } from "../support/entities";

const { cleanAddress, maliciousDomain } = knownToVirusTotal;
const html = { status: 200, headers: { "content-type": "text/html" }, text: "<title>Sorry</title>" };
const error = (status: number, code: string, headers?: Record<string, string>): Fault => ({
  status,
  json: { error: { code, message: "" } },
  ...(headers ? { headers } : {}),
});

interface Case {
  readonly title: string;
  readonly fault: Fault;
  readonly times: number;
  readonly outcome: "answered" | "failed" | "notKnown";
}

const prompt: readonly Case[] = [
  {
    title: "429 with Retry-After",
    fault: error(429, "QuotaExceededError", { "retry-after": "7" }),
    times: 1,
    outcome: "answered",
  },
  { title: "503 once", fault: error(503, "TransientError"), times: 1, outcome: "answered" },
  { title: "HTML once", fault: html, times: 1, outcome: "answered" },
  { title: "a closed connection once", fault: "dropBefore", times: 1, outcome: "answered" },
  { title: "404", fault: error(404, "NotFoundError"), times: 1, outcome: "notKnown" },
];

const patient: readonly Case[] = [
  {
    title: "429 without Retry-After",
    fault: error(429, "QuotaExceededError"),
    times: 2,
    outcome: "answered",
  },
  { title: "503 three times", fault: error(503, "TransientError"), times: 3, outcome: "answered" },
  { title: "503 every time", fault: error(503, "TransientError"), times: 99, outcome: "failed" },
  { title: "HTML every time", fault: html, times: 99, outcome: "failed" },
  { title: "a cut-off body every time", fault: "cutOff", times: 99, outcome: "failed" },
  { title: "8 MiB and more", fault: "oversized", times: 99, outcome: "failed" },
  { title: "a closed connection", fault: "dropBefore", times: 2, outcome: "answered" },
];

const counts = {
  answered: { clean: 1, unknown: 0, notChecked: 0 },
  failed: { clean: 0, unknown: 1, notChecked: 1 },
  notKnown: { clean: 0, unknown: 1, notChecked: 0 },
};

const failsForOne = (cases: readonly Case[]) => (app: () => Enricher) => {
  it.each(cases)(
    "with $title, the indicator is $outcome and the others are unaffected",
    async ({ fault, times, outcome }) => {
      let isOn = true;
      const match = ({ path }: SimulatorRequest) => isOn && path.includes(cleanAddress);
      app().services.virustotal.script({ match, fault, times });
      const incident = await app().enrich({ entities: [address(cleanAddress), domain(maliciousDomain)] });
      isOn = false;
      expect(incident.output).toMatchObject({ malicious: 1, ...counts[outcome] });
      expect(incident.tags.includes("enrichment-incomplete")).toBe(outcome === "failed");
      expect(incident.writes.comments).toBe(1);
    },
  );
};

describeStories({ title: "When VirusTotal fails for one indicator" }, failsForOne(prompt));
describeStories(
  {
    title: "When VirusTotal fails for one indicator for longer",
    settings: { VIRUSTOTAL_REQUESTS_PER_MINUTE: "0" },
    onlyHere: "minutes pass in it",
  },
  failsForOne(patient),
);

describeStories(
  { title: "When VirusTotal refuses the key", options: { virustotal: { apiKey: "another-key" } } },
  (app) => {
    it("the run stops asking, and the comment says which setting to look at", async () => {
      const entities = Array.from({ length: 20 }, (_, i) => address(`93.184.216.${i + 1}`));
      const incident = await app().enrich({ entities });
      expect(incident.run.runtimeStatus).toBe("Completed");
      expect(incident.output).toMatchObject({ clean: 0, notChecked: 20, verdict: "unknown" });
      expect(incident.tags).toEqual(["enriched", "verdict-unknown", "enrichment-incomplete"]);
      expect(convert(incident.comment, { wordwrap: false })).toContain("VIRUSTOTAL_API_KEY");
    });
  },
);

describeStories(
  {
    title: "A provider without a key",
    settings: { VIRUSTOTAL_API_KEY: "" },
  },
  (app) => {
    it("is off, is not asked, and the comment says so without calling it unchecked", async () => {
      const incident = await app().enrich({ entities: [address(cleanAddress)] });
      expect(app().services.virustotal.requests).toEqual([]);
      expect(incident.output).toMatchObject({ unknown: 1, notChecked: 0 });
      expect(incident.comment).toContain(
        "No verdict: the only indicator is not known to Sentinel threat intelligence.",
      );
      expect(incident.comment).toContain("VirusTotal has no API key.");
      expect(incident.comment).not.toContain("Not checked");
    });
  },
);
