import { expect, it } from "vitest";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { address, fileHash } from "../support/entities";

const minute = 60_000;

describeStories({ title: "Entities that are late" }, (app) => {
  it("are waited for as configured, and then looked up", async () => {
    const incident = await app().enrich({
      entities: [address(knownToVirusTotal.maliciousAddress)],
      lateReads: 2,
    });
    expect(incident.output).toMatchObject({ indicators: 1, malicious: 1 });
    expect(incident.writes).toEqual({ comments: 1, tags: 1 });
  });

  it("and never come leave the verdict unknown, and by default no comment", async () => {
    const incident = await app().enrich({ entities: [] });
    expect(incident.writes).toEqual({ comments: 0, tags: 1 });
    expect(incident.tags).toEqual(["enriched", "verdict-unknown"]);
    expect(incident.output).toMatchObject({ verdict: "unknown", indicators: 0, commentIds: [] });
  });
});

describeStories({ title: "Entities that are late by minutes", onlyHere: "minutes pass in it" }, (app) => {
  it("are waited for by default", async () => {
    const startedAt = app().clock.now();
    const entities = [address(knownToVirusTotal.maliciousAddress)];
    const incident = await app().enrich({ entities, lateReads: 2 });
    expect(incident.output).toMatchObject({ indicators: 1, malicious: 1 });
    expect(app().clock.now() - startedAt).toBeGreaterThanOrEqual(6 * minute);
  });
});

describeStories(
  { title: "COMMENT_WHEN=always", settings: { COMMENT_WHEN: "always" }, onlyHere: "minutes pass in it" },
  (app) => {
    it("comments on an incident that has nothing to look up", async () => {
      const incident = await app().enrich({ entities: [] });
      expect(incident.writes).toEqual({ comments: 1, tags: 1 });
      expect(incident.tags).toEqual(["enriched", "verdict-unknown"]);
    });
  },
);

describeStories({ title: "COMMENT_WHEN=findings", settings: { COMMENT_WHEN: "findings" } }, (app) => {
  it("only tags an incident in which everything is harmless", async () => {
    const incident = await app().enrich({ entities: [address(knownToVirusTotal.cleanAddress)] });
    expect(incident.writes).toEqual({ comments: 0, tags: 1 });
    expect(incident.tags).toEqual(["enriched", "no-known-threat"]);
  });

  it("comments on a finding", async () => {
    const incident = await app().enrich({ entities: [address(knownToVirusTotal.maliciousAddress)] });
    expect(incident.writes.comments).toBe(1);
  });
});

describeStories({ title: "Odd entities" }, (app) => {
  it("are left out with a reason and disturb nothing", async () => {
    const incident = await app().enrich({
      entities: [
        { kind: "FutureKind", properties: { what: "ever" } },
        { kind: "Ip", properties: null },
        { kind: "IP", properties: { address: knownToVirusTotal.cleanAddress } },
        { kind: "Ip", properties: { address: 7 } },
        { kind: "Ip", properties: { address: "not an address" } },
        { kind: "Ip", properties: { address: "192.168.1.1" } },
        {
          kind: "filehash",
          properties: { hashValue: knownToVirusTotal.cleanFile.md5.toUpperCase(), algorithm: "md5" },
        },
        fileHash("abc123"),
        fileHash("f".repeat(64), "SHA256AC"),
        { kind: "Url", properties: {} },
        { kind: "DnsResolution" },
      ],
    });
    expect(incident.run.runtimeStatus).toBe("Completed");
    expect(incident.output).toMatchObject({ indicators: 2, clean: 2 });
    expect(incident.comment).toContain("Not looked up (");
    expect(incident.comment).toContain("192");
  });

  it("of a merged incident are ignored: nothing is written, and the output names the target", async () => {
    const incident = await app().enrich({ entities: [], mergedInto: 4711 });
    expect(incident.writes).toEqual({ comments: 0, tags: 0 });
    expect(incident.output.warnings.join()).toContain("4711");
  });
});
