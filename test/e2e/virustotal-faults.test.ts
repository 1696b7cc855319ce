import { convert } from "html-to-text";
import { expect, it } from "vitest";
import type { Fault, SimulatorRequest } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { address, domain } from "../support/entities";

const { cleanAddress, maliciousDomain } = knownToVirusTotal;
const html = { status: 200, headers: { "content-type": "text/html" }, text: "<title>Sorry</title>" };
const error = (status: number, code: string, headers?: Record<string, string>): Fault => ({
  status,
  json: { error: { code, message: "" } },
  ...(headers ? { headers } : {}),
});

const settings = { INTEZER_FILES: "false", VIRUSTOTAL_REQUESTS_PER_MINUTE: "0" };

describeStories(
  { title: "When VirusTotal fails for one indicator", settings, needsSkippingClock: true },
  (app) => {
    it.each<[string, Fault, number, string]>([
      ["429 with Retry-After", error(429, "QuotaExceededError", { "retry-after": "7" }), 1, "answered"],
      ["429 without Retry-After", error(429, "QuotaExceededError"), 2, "answered"],
      ["503 three times", error(503, "TransientError"), 3, "answered"],
      ["503 every time", error(503, "TransientError"), 99, "failed"],
      ["HTML every time", html, 99, "failed"],
      ["HTML once", html, 1, "answered"],
      ["a cut-off body every time", "cutOff", 99, "failed"],
      ["8 MiB and more", "oversized", 99, "failed"],
      ["a closed connection", "dropBefore", 2, "answered"],
      ["404", error(404, "NotFoundError"), 1, "notKnown"],
    ])("with %s, it is told so and the others are unaffected", async (_case, fault, times, outcome) => {
      let isOn = true;
      const match = ({ path }: SimulatorRequest) => isOn && path.includes(cleanAddress);
      app().services.virustotal.script({ match, fault, times });
      const incident = await app().enrich({ entities: [address(cleanAddress), domain(maliciousDomain)] });
      isOn = false;
      expect(incident.output.malicious).toBe(1);
      expect(incident.output).toMatchObject(
        {
          answered: { clean: 1, unknown: 0, notChecked: 0 },
          failed: { clean: 0, unknown: 1, notChecked: 1 },
          notKnown: { clean: 0, unknown: 1, notChecked: 0 },
        }[outcome] ?? {},
      );
      expect(incident.tags.includes("enrichment-incomplete")).toBe(outcome === "failed");
      expect(incident.writes.comments).toBe(1);
    });
  },
);

describeStories(
  { title: "When VirusTotal refuses the key", settings, options: { virustotal: { apiKey: "another-key" } } },
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
    settings: { ...settings, INTEZER_FILES: "true", VIRUSTOTAL_API_KEY: "" },
  },
  (app) => {
    it("is off, is not asked, and the comment says so without calling it unchecked", async () => {
      const incident = await app().enrich({ entities: [address(cleanAddress)] });
      expect(app().services.virustotal.requests).toEqual([]);
      expect(incident.output).toMatchObject({ unknown: 1, notChecked: 0 });
      expect(incident.comment).toContain("VIRUSTOTAL");
    });
  },
);
