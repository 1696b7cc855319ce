import { expect, it } from "vitest";
import type { IncidentSeed } from "../../local/simulators/sentinel-incidents";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { fileHash } from "../support/entities";
import { enrichAll, lookupsAt } from "./quota-setup";

const { maliciousFile } = knownToVirusTotal;

describeStories(
  {
    title: "Fifty incidents with one file at once",
    settings: { INTEZER_FILES: "false" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("ask VirusTotal once", async () => {
      const seed = { entities: [fileHash(maliciousFile.sha256)] };
      const incidents = await enrichAll(app(), Array<IncidentSeed>(50).fill(seed));
      expect(incidents.map(({ output }) => output.malicious)).toEqual(Array(50).fill(1));
      expect(lookupsAt(app())).toHaveLength(1);
    });
  },
);
