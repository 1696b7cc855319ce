import { beforeEach, expect, it } from "vitest";
import { isQuery, logAnalyticsReplies } from "../../local/simulators/log-analytics";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { address, domain, fileHash, url } from "../support/entities";

const listed = "login-portal.example.org";

describeStories({ title: "The workspace's threat intelligence" }, (app) => {
  beforeEach(() => app().services.logAnalytics.clearThreats());

  const queries = () => app().services.logAnalytics.requests.filter(isQuery("threat-intelligence"));

  it("raises the verdict with a valid entry, and names source and confidence", async () => {
    app().services.logAnalytics.addThreat({ value: listed, source: "MISP", confidence: 80 });
    const { output, comment, tags } = await app().enrich({ entities: [domain(listed)] });
    expect(output).toMatchObject({ verdict: "suspicious", suspicious: 1, notChecked: 0 });
    expect(tags).toEqual(["enriched", "threat-suspected"]);
    expect(comment).toContain("Sentinel threat intelligence listed by MISP, confidence 80");
    expect(comment).not.toContain("Sent to Sentinel threat intelligence");
  });

  it.each([
    { what: "has expired", more: { validUntil: Date.UTC(2020, 0, 1) } },
    { what: "is revoked", more: { revoked: true } },
    { what: "is of another workspace", more: { workspace: "/subscriptions/other" } },
  ])("takes no notice of an entry that $what", async ({ more }) => {
    app().services.logAnalytics.addThreat({ value: listed, ...more });
    const { output, comment } = await app().enrich({ entities: [domain(listed)] });
    expect(output).toMatchObject({ verdict: "unknown", suspicious: 0, notChecked: 0 });
    expect(comment).not.toContain("threat intelligence");
  });

  it("is one query for an incident, and says nothing of what it does not list", async () => {
    const before = queries().length;
    const entities = [
      fileHash(knownToVirusTotal.cleanFile.sha256),
      fileHash("d8e5f7a1".repeat(5), "SHA1"),
      fileHash("e8d5f7a1".repeat(4), "MD5"),
      ...Array.from({ length: 20 }, (_, i) => address(`93.184.216.${i + 1}`)),
      url("https://files.example.net/a"),
    ];
    const { comment, output } = await app().enrich({ entities });
    expect(queries().length - before).toBe(1);
    expect(output.notChecked).toBe(0);
    expect(comment).not.toContain("threat intelligence");
  });

  it("is asked in every run: an entry that is added counts at once", async () => {
    const first = await app().enrich({ entities: [domain(listed)] });
    expect(first.output.suspicious).toBe(0);
    app().services.logAnalytics.addThreat({ value: listed });
    const second = await app().enrich({ entities: [domain(listed)] });
    expect(second.output.suspicious).toBe(1);
  });

  it("that may not be read is named once, and leaves no gap", async () => {
    app().services.logAnalytics.script({
      match: isQuery("threat-intelligence"),
      fault: logAnalyticsReplies.forbidden,
    });
    const { comment, output, tags } = await app().enrich({
      entities: [fileHash(knownToVirusTotal.cleanFile.sha256), address("93.184.216.1")],
    });
    expect(output).toMatchObject({ notChecked: 0 });
    expect(tags).not.toContain("enrichment-incomplete");
    expect(comment.match(/Sentinel threat intelligence/g)).toHaveLength(1);
    expect(comment).toMatch(/Sentinel threat intelligence could not be read(?! \()/);
    expect(output.switchedOff).toEqual([
      expect.stringMatching(/Sentinel threat intelligence could not be read \(.*grant it the role/),
    ]);
  });
});

describeStories(
  { title: "The workspace's threat intelligence in trouble", onlyHere: "minutes pass in it" },
  (app) => {
    it("is asked again, and what it then says is in the first comment", async () => {
      app().services.logAnalytics.addThreat({ value: listed });
      app().services.logAnalytics.script({
        match: isQuery("threat-intelligence"),
        fault: { status: 503 },
        times: 2,
      });
      const { output, comments } = await app().enrich({ entities: [domain(listed)] });
      expect(output).toMatchObject({ verdict: "suspicious", notChecked: 0 });
      expect(comments).toHaveLength(1);
    });

    it("that does not answer at all is a gap that the comment names", async () => {
      app().services.logAnalytics.script({
        match: isQuery("threat-intelligence"),
        fault: { status: 503 },
        times: 4,
      });
      const { comment, tags } = await app().enrich({
        entities: [fileHash(knownToVirusTotal.cleanFile.sha256)],
      });
      expect(tags).toContain("enrichment-incomplete");
      expect(comment).toContain("Sentinel threat intelligence did not answer.");
    });
  },
);

describeStories({ title: "WORKSPACE_TI=off", settings: { WORKSPACE_TI: "off" } }, (app) => {
  it("asks nothing and is not mentioned", async () => {
    app().services.logAnalytics.addThreat({ value: listed });
    const { output, comment } = await app().enrich({ entities: [domain(listed)] });
    expect(output.suspicious).toBe(0);
    expect(comment).not.toContain("threat intelligence");
    expect(app().services.logAnalytics.requests.filter(isQuery("threat-intelligence"))).toEqual([]);
  });
});
