import { expect, it } from "vitest";
import { postIncident } from "../../../commands/run-client";
import { knownToVirusTotal } from "../../../local/simulators/virustotal-reports";
import { describeStories } from "../../support/enricher";
import { fileHash, unknownHash, url } from "../../support/entities";
import { asked, text } from "./setup";

const { maliciousFile, cleanFile, maliciousUrl } = knownToVirusTotal;
const onlyIntezer = { "x-enricher-without": "virustotal" };

describeStories({ title: "File hash scan: INTEZER_FILES=true" }, (app) => {
  it("analyses a file with three hashes once, and lists all files in one comment", async () => {
    const ids = ["1", "2", "3"].map((digit) => `a0000000-0000-4000-8000-00000000000${digit}`);
    const incident = await app().enrich(
      {
        entities: [
          fileHash(cleanFile.md5, "MD5", ids[0]),
          fileHash(cleanFile.sha1, "SHA1", ids[1]),
          fileHash(cleanFile.sha256, "SHA256", ids[2]),
          { kind: "File", properties: { fileName: "agent.exe", fileHashEntityIds: ids } },
          fileHash(maliciousFile.sha256),
        ],
      },
      onlyIntezer,
    );
    expect(app().services.intezer.analysesStarted()).toBe(1);
    expect(incident.writes.comments).toBe(1);
    expect(incident.output).toMatchObject({ indicators: 2, malicious: 1, clean: 1, notChecked: 0 });
    expect(text(incident.comment)).toContain("AgentTesla");
  });

  it("shows a file that Intezer does not know as such, and the others as they are", async () => {
    const incident = await app().enrich(
      {
        entities: [fileHash(unknownHash(71)), fileHash(maliciousFile.sha256)],
      },
      onlyIntezer,
    );
    expect(incident.output).toMatchObject({ malicious: 1, unknown: 1, notChecked: 0 });
    expect(text(incident.comment)).toContain("Intezer has no copy of the file");
  });

  it("shows a failed analysis as not checked, never as a verdict without a word", async () => {
    const sha256 = "51".repeat(32);
    app().services.intezer.addFile({ sha256, analysis: "fails", findings: {} });
    const incident = await app().enrich(
      { entities: [fileHash(sha256), fileHash(maliciousFile.sha256)] },
      onlyIntezer,
    );
    expect(incident.output).toMatchObject({ malicious: 1, unknown: 1, clean: 0, notChecked: 1 });
    expect(text(incident.comment)).not.toMatch(/Got\s+verdict/);
    expect(incident.tags).toContain("enrichment-incomplete");
  });

  it("loses no result when the comment cannot be written at first", async () => {
    const isComment = ({ method, path }: { method: string; path: string }) =>
      method === "PUT" && path.includes("/comments/");
    app().services.sentinel.script({ match: isComment, fault: { status: 503 } });
    const incident = await app().enrich({ entities: [fileHash(maliciousFile.sha256)] }, onlyIntezer);
    expect(incident.comments).toHaveLength(1);
  });

  it("uses one token for many incidents, says who it is, and goes to the endpoint that is set", async () => {
    await app().enrich({ entities: [fileHash(maliciousFile.sha256)] }, onlyIntezer);
    const { requests } = app().services.intezer;
    const { length: tokens } = asked(app(), "/get-access-token");
    await app().enrich({ entities: [fileHash(cleanFile.sha256), fileHash(unknownHash(72))] }, onlyIntezer);
    expect(asked(app(), "/get-access-token").length - tokens).toBeLessThanOrEqual(1);
    expect(
      requests.every(({ headers }) => headers["user-agent"]?.startsWith("sentinel-incident-enricher/")),
    ).toBe(true);
  });
});

describeStories(
  {
    title: "An analysis that takes a quarter of an hour",
    settings: { INTEZER_URLS: "true" },
    options: { intezer: { analysisSeconds: 900 } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("is pending in the comment, and its verdict is in the update", async () => {
      const incident = await app().enrich(
        { entities: [fileHash(cleanFile.sha256), url(maliciousUrl)] },
        onlyIntezer,
      );
      expect(incident.comments).toHaveLength(2);
      expect(text(incident.comments[0]?.html)).toMatch(/Pending \(2\)/);
      expect(text(incident.comments[1]?.html)).toContain("The 2 open lookups have been answered.");
      expect(incident.output).toMatchObject({ malicious: 1, clean: 1, notChecked: 0 });
      expect(incident.tags).toEqual(["enriched", "threat-found"]);
    });
  },
);

describeStories({ title: "URL scan: INTEZER_URLS=true" }, (app) => {
  it("scans the URLs of an incident that has some, each once, in one comment", async () => {
    const harmless = "https://www.contoso.com/start";
    const incident = await app().enrich(
      {
        entities: [url(maliciousUrl), url(harmless), url(maliciousUrl)],
      },
      onlyIntezer,
    );
    const submitted = asked(app(), "/url").map(({ body }) => JSON.parse(body).url);
    expect(new Set(submitted)).toEqual(new Set([maliciousUrl, harmless]));
    // Twice asked, but once refused, is a token that an app elsewhere had from another story.
    expect(app().services.intezer.analysesStarted()).toBe(2);
    expect(incident.writes.comments).toBe(1);
    expect(incident.output).toMatchObject({ malicious: 1, clean: 1, notChecked: 0 });
    expect(text(incident.comment)).toContain("phishing");
  });

  it("asks nothing about an incident without URLs", async () => {
    const before = asked(app(), "/url").length;
    await app().enrich({ entities: [fileHash(maliciousFile.sha256)] }, onlyIntezer);
    expect(asked(app(), "/url")).toHaveLength(before);
  });

  it("shows a URL that is refused as such, and the others as they are", async () => {
    app().services.intezer.script({
      match: ({ path, body }) => path.endsWith("/url") && body.includes("offline.example.com"),
      fault: { status: 400, json: { error: "URL is offline" } },
    });
    const incident = await app().enrich(
      {
        entities: [url("https://offline.example.com/"), url(maliciousUrl)],
      },
      onlyIntezer,
    );
    expect(incident.output).toMatchObject({ indicators: 2, malicious: 1, unknown: 1, clean: 0 });
  });

  it("leaves out what an automation rule names, and only that", async () => {
    const { sentinel } = app().services;
    const before = asked(app(), "/url").length;
    const armId = sentinel.addIncident({ entities: [url(maliciousUrl), fileHash(maliciousFile.sha256)] });
    await postIncident(app().origin, sentinel.triggerBody(armId), {
      "x-enricher-without": "intezer-urls, virustotal",
    });
    const incident = await app().ended(armId);
    expect(asked(app(), "/url")).toHaveLength(before);
    expect(incident.output).toMatchObject({ malicious: 1, unknown: 1, clean: 0 });
    expect(text(incident.comment)).toContain(
      "Intezer did not look up 1 URL: the automation rule switches this off",
    );
  });
});

describeStories({ title: "The phishing variant" }, (app) => {
  const email = { kind: "MailMessage", properties: { recipient: "ada@contoso.com", subject: "Invoice" } };

  it("tags an incident about email in which a URL or file is malicious", async () => {
    const byUrl = await app().enrich({ entities: [email, url(maliciousUrl)] }, onlyIntezer);
    expect(byUrl.tags).toEqual(expect.arrayContaining(["phishing", "threat-found"]));
    const byFile = await app().enrich(
      {
        entities: [email, fileHash(maliciousFile.sha256)],
        tags: ["Phishing"],
      },
      onlyIntezer,
    );
    expect(byFile.tags.filter((tag) => tag.toLowerCase() === "phishing")).toEqual(["Phishing"]);
  });

  it("tags no other incident", async () => {
    const harmless = await app().enrich({ entities: [email, fileHash(cleanFile.sha256)] }, onlyIntezer);
    const withoutMail = await app().enrich({ entities: [url(maliciousUrl)] }, onlyIntezer);
    expect([...harmless.tags, ...withoutMail.tags]).not.toContain("phishing");
  });

  it("keeps the tag that people set", async () => {
    const incident = await app().enrich(
      { entities: [fileHash(cleanFile.sha256)], tags: ["phishing"] },
      onlyIntezer,
    );
    expect(incident.tags).toContain("phishing");
  });
});
