import { describe, expect, it } from "vitest";
import { sampleIncident } from "../../local/simulators/sample-incident";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { address, domain, fileHash, unknownHash, url } from "../support/entities";

describeStories({ title: "An incident is enriched" }, (app) => {
  it("with one comment and one tag write, and the tags say what was found", async () => {
    const incident = await app().enrich({ ...sampleIncident, tags: ["vip"] });
    expect(incident.run.runtimeStatus).toBe("Completed");
    expect(incident.writes).toEqual({ comments: 1, tags: 1 });
    expect(incident.tags).toEqual(["vip", "enriched", "threat-found"]);
    expect(incident.comment).toContain("Threat found: 3 of 6 indicators are malicious.");
    expect(incident.output).toMatchObject({
      verdict: "malicious",
      indicators: 6,
      malicious: 3,
      clean: 2,
      unknown: 1,
      notChecked: 0,
    });
  });

  it("asking VirusTotal once for a file with three hashes, and never about a private address", async () => {
    const { virustotal } = app().services;
    const before = virustotal.requests.length;
    await app().enrich(sampleIncident);
    const asked = virustotal.requests.slice(before).map(({ path }) => path.replace("/api/v3/", ""));
    expect(asked).toHaveLength(6);
    expect(new Set(asked).size).toBe(6);
    expect(asked.filter((path) => path.includes(knownToVirusTotal.maliciousFile.sha256))).toHaveLength(1);
    expect(asked.join()).not.toContain("10.20.30.40");
  });

  it("saying what came from the cache, and that it was not sent again", async () => {
    const entities = [address(knownToVirusTotal.cleanAddress)];
    expect((await app().enrich({ entities })).comment).toContain("Sent to VirusTotal: 1 IP address.");
    const { comment } = await app().enrich({ entities });
    expect(comment).toMatch(/Nothing was sent to any provider\. 1 answer from the cache, from \d{4}-/);
  });

  it("calling what no provider knows unknown, never clean", async () => {
    const incident = await app().enrich({ entities: [fileHash(unknownHash(1))] });
    expect(incident.tags).toEqual(["enriched", "verdict-unknown"]);
    expect(incident.output).toMatchObject({ verdict: "unknown", clean: 0, notChecked: 0 });
  });

  it("calling what every provider rates harmless no known threat", async () => {
    const incident = await app().enrich({ entities: [address(knownToVirusTotal.cleanAddress)] });
    expect(incident.tags).toEqual(["enriched", "no-known-threat"]);
    expect(incident.comment).toContain("No known threat");
  });

  it("leaving no secret in log, history, comment and tags", async () => {
    const incident = await app().enrich(sampleIncident);
    const histories = await app().instances(incident.armId.split("/").at(-1));
    const all = [JSON.stringify(histories), incident.comment, ...app().log].join("\n");
    expect(all).toContain(knownToVirusTotal.maliciousFile.sha256);
    for (const secret of ["virustotal-key-of-the-simulator", "intezer-key-of-the-simulator", "Bearer "]) {
      expect(all).not.toContain(secret);
    }
  });
});

describe.each([
  { sightings: "on", workspaceTi: "on", events: 11 },
  { sightings: "off", workspaceTi: "on", events: 9 },
  { sightings: "off", workspaceTi: "off", events: 8 },
])("SIGHTINGS=$sightings, WORKSPACE_TI=$workspaceTi", ({ sightings, workspaceTi, events }) => {
  const settings = {
    VIRUSTOTAL_REQUESTS_PER_MINUTE: "0",
    SIGHTINGS: sightings,
    WORKSPACE_TI: workspaceTi,
  };
  describeStories({ title: "An ordinary run", settings }, (app) => {
    it("has few steps: when providers answer at once, it starts no other orchestration", async () => {
      const twenty = Array.from({ length: 5 }, (_, i) => [
        fileHash(knownToVirusTotal.maliciousFile.sha256),
        address(`93.184.216.${i + 1}`),
        domain(`host-${i}.example.org`),
        url(`https://host-${i}.example.org/path`),
      ]).flat();
      const { armId } = await app().enrich({ entities: twenty });
      const instances = await app().instances(armId.split("/").at(-1));
      expect(instances.map(({ historyEvents }) => historyEvents.length)).toEqual([events]);
    });
  });
});

describeStories(
  {
    title: "A free VirusTotal key",
    options: { virustotal: { quota: { perMinute: 4, perDay: 500 } } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("is never asked faster than it allows, and what fits in time is looked up, files first", async () => {
      const { virustotal } = app().services;
      const entities = [
        ...Array.from({ length: 6 }, (_, i) => address(`93.184.216.${i + 1}`)),
        ...Array.from({ length: 6 }, (_, i) => fileHash(unknownHash(200 + i))),
      ];
      const incident = await app().enrich({ entities });
      expect(incident.output.notChecked).toBe(0);
      const asked = virustotal.requests.filter(({ path }) => !path.includes("/users/"));
      expect(asked).toHaveLength(12);
      expect(asked.slice(0, 6).every(({ path }) => path.includes("/files/"))).toBe(true);
      for (const [i, { at }] of asked.slice(4).entries())
        expect(at - (asked[i]?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
    });

    it("leaves the rest to one update comment, which takes the incomplete tag away", async () => {
      const entities = Array.from({ length: 30 }, (_, i) => address(`93.184.217.${i + 1}`));
      const incident = await app().enrich({ entities });
      expect(incident.comments).toHaveLength(2);
      expect(incident.comment).toMatch(/(20|16) of 30 indicators are unknown, (10|14) pending\./);
      expect(incident.tags).not.toContain("enrichment-incomplete");
      expect(incident.output).toMatchObject({ indicators: 30, notChecked: 0 });
      expect(incident.output.commentIds).toHaveLength(2);
    });
  },
);
