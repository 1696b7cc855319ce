import { convert } from "html-to-text";
import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { confirmedThreat, type TriageFindings } from "../../local/simulators/intezer-data";
import { logAnalyticsReplies } from "../../local/simulators/log-analytics";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address, fileHash, unknownHash, url } from "../support/entities";

/**
 * The playbooks of Intezer for Microsoft Sentinel (github.com/intezer/microsoft-sentinel-integration) as settings of
 * this app, and what went wrong in each of them.
 */

const { maliciousFile, cleanFile, maliciousUrl, cleanAddress } = knownToVirusTotal;
const vendorAlertId = "da639057312345678901_-1234567890";
const text = (html: string | undefined) => convert(html ?? "", { wordwrap: false });
const asked = (app: Enricher, path: string) =>
  app.services.intezer.requests.filter((request) => request.path.endsWith(path));

/** The incident once nothing runs any more. */
async function settled(app: Enricher, armId: string) {
  await app.settled();
  return app.services.sentinel.incident(armId);
}

describeStories(
  {
    title: "Submit alert: INTEZER_ALERTS=submit",
    settings: { INTEZER_ALERTS: "submit" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("sends the trigger body as it came, and the triage is in the comment", async () => {
      const { sentinel } = app().services;
      const armId = sentinel.addIncident({ entities: [address(cleanAddress)], title: "Mail to Ada" });
      const alert = sentinel.triggerBody(armId);
      await postIncident(app().origin, alert);
      const incident = await app().ended(armId);
      expect(JSON.parse(asked(app(), "/alerts/ingest").at(-1)?.body ?? "")).toEqual({
        alert,
        alert_source: "microsoft_sentinel",
      });
      expect(text(incident.comment)).toContain("Confirmed Threat");
      await app().settled();
    });

    it("gives a body that came before its entities those of now, and nothing else", async () => {
      const { sentinel } = app().services;
      const armId = sentinel.addIncident({ entities: [address(cleanAddress)], lateReads: 1 });
      const early = sentinel.triggerBody(armId);
      await postIncident(app().origin, early);
      await app().ended(armId);
      const { alert } = JSON.parse(asked(app(), "/alerts/ingest").at(-1)?.body ?? "");
      const { relatedEntities, ...properties } = alert.object.properties;
      expect(relatedEntities).toEqual([
        {
          id: expect.stringContaining("/Entities/"),
          name: expect.any(String),
          type: "Microsoft.SecurityInsights/Entities",
          kind: "Ip",
          properties: { address: cleanAddress },
        },
      ]);
      const was = early as { object: { properties: object } };
      expect({
        ...alert,
        object: { ...alert.object, properties: { ...properties, relatedEntities: [] } },
      }).toEqual(was);
      await app().settled();
    });

    it.each([
      ["400", { status: 400, json: { error: "mapping" } }],
      ["410", { status: 410 }],
      ["403", { status: 403, json: { error: "Insufficient Permissions" } }],
    ])(
      "says in the comment why it was refused (%s), and shows the lookups all the same",
      async (_, fault) => {
        app().services.intezer.script({ match: ({ path }) => path.endsWith("/alerts/ingest"), fault });
        const incident = await app().enrich({ entities: [fileHash(maliciousFile.sha256)] });
        expect(incident.run.runtimeStatus).toBe("Completed");
        expect(text(incident.comment)).toMatch(/could not be submitted to Intezer/);
        expect(incident.tags).toContain("threat-found");
      },
    );

    it("is left out by an automation rule that says so, and the comment says so", async () => {
      const { sentinel } = app().services;
      const before = asked(app(), "/alerts/ingest").length;
      const armId = sentinel.addIncident({
        entities: [address(cleanAddress), fileHash(maliciousFile.sha256)],
      });
      await postIncident(app().origin, sentinel.triggerBody(armId), {
        "x-enricher-without": "intezer-alerts, virustotal",
      });
      const incident = await app().ended(armId);
      expect(asked(app(), "/alerts/ingest")).toHaveLength(before);
      expect(text(incident.comment)).toContain(
        "Intezer was not asked for a triage: the automation rule switches this off",
      );
      expect(text(incident.comment)).toContain(
        "VirusTotal was not asked about 1 file, 1 IP address: the automation rule switches this off",
      );
      expect(text(incident.comment)).toContain("Sent to Intezer: 1 file.");
      expect(incident.output).toMatchObject({ malicious: 1, unknown: 1, clean: 0, notChecked: 0 });
    });
  },
);

const hostile: TriageFindings = {
  ...confirmedThreat,
  note: '<p>Seen: <img src=x onerror=alert(1)> <a href="https://evil.example/">click</a></p>',
};

let alerts = 0;
/** An alert that Defender gave to Intezer, in an incident of its own. */
function defenderAlert({ services }: Enricher, triage = confirmedThreat, lateQueries = 0, seed = {}) {
  const { sentinel, intezer, logAnalytics } = services;
  const id = `${vendorAlertId}${++alerts}`;
  const armId = sentinel.addIncident(seed);
  intezer.addAlert({ alertId: id, alert: { sender: "msd", source: "msd" }, triage });
  logAnalytics.addAlert({ vendorAlertId: id, incident: armId, lateQueries });
  const body = { microsoft_sentinel_incident_id: id };
  return { id, armId, fire: (more = {}) => intezer.fireWebhook(id, { body: { ...body, ...more } }) };
}

describeStories(
  {
    title: "Update incident: INTEZER_ALERTS=listen",
  },
  (app) => {
    it("reports the triage of an incident's alert, its note as text", async () => {
      const { sentinel, intezer } = app().services;
      const armId = sentinel.addIncident();
      intezer.addAlert({
        alertId: "own:1",
        alert: { raw_alert: { object: { id: armId } } },
        triage: hostile,
      });
      const body = { microsoft_sentinel_incident_id: armId };
      expect(await intezer.fireWebhook("own:1", { body })).toEqual([202]);
      const [comment] = (await settled(app(), armId)).comments;
      expect(text(comment?.html)).toContain("Confirmed Threat");
      expect(comment?.html).not.toMatch(/<img|href="https:\/\/evil/);
    });

    it("reports the triage of a Defender alert in the incident that Log Analytics names", async () => {
      const { armId, fire } = defenderAlert(app());
      expect(await fire()).toEqual([202]);
      const incident = await settled(app(), armId);
      expect(incident.comments).toHaveLength(1);
      expect(text(incident.comments[0]?.html)).toContain("Confirmed Threat");
      expect(incident.tags).toContain("threat-found");
    });

    it("reports it once, however often it is delivered", async () => {
      const { armId, fire } = defenderAlert(app());
      await fire();
      await app().settled();
      expect(await fire({ note: "worded otherwise" })).toEqual([202]);
      expect((await settled(app(), armId)).comments).toHaveLength(1);
    });

    it("chooses of several incidents the one that is worked on", async () => {
      const { sentinel, intezer, logAnalytics } = app().services;
      const [merged, closed, open] = [
        sentinel.addIncident({ mergedInto: 4711 }),
        sentinel.addIncident({ status: "Closed" }),
        sentinel.addIncident(),
      ];
      intezer.addAlert({ alertId: "da5_1", alert: { sender: "msd" }, triage: confirmedThreat });
      const log = (incident: string, more: object) =>
        logAnalytics.addAlert({ vendorAlertId: "da5_1", incident, ...more });
      const now = app().clock.now();
      log(merged, { mergedInto: 4711, modifiedAt: now });
      log(closed, { status: "Closed", modifiedAt: now - 1000 });
      log(open, { modifiedAt: now - 2000 });
      await intezer.fireWebhook("da5_1", { body: { microsoft_sentinel_incident_id: "da5_1" } });
      expect((await settled(app(), open)).comments).toHaveLength(1);
      expect([merged, closed].map((armId) => sentinel.incident(armId).comments.length)).toEqual([0, 0]);
    });

    it("puts nothing into a query that is no id, and nothing into an incident that the alert does not name", async () => {
      const { intezer, logAnalytics } = app().services;
      const queries = logAnalytics.requests.length;
      const mine = defenderAlert(app());
      const others = defenderAlert(app());
      expect(await mine.fire({ microsoft_sentinel_incident_id: 'x" | union SecurityEvent' })).toEqual([400]);
      expect(await mine.fire({ microsoft_sentinel_incident_id: others.id })).toEqual([202]);
      await intezer.fireWebhook(mine.id, { authorization: null, body: { sender: "msd" } });
      expect((await settled(app(), others.armId)).comments).toEqual([]);
      expect(app().services.sentinel.incident(mine.armId).comments).toEqual([]);
      expect(logAnalytics.requests).toHaveLength(queries);
    });

    it("takes no call without the agreed Authorization", async () => {
      const { id, armId } = defenderAlert(app());
      const { intezer } = app().services;
      const body = { microsoft_sentinel_incident_id: id };
      expect(await intezer.fireWebhook(id, { authorization: null, body })).toEqual([401]);
      expect((await settled(app(), armId)).comments).toEqual([]);
    });
  },
);

describeStories(
  {
    title: "Update incident: INTEZER_ALERTS=listen, with patience",
    settings: { INTEZER_ALERTS: "listen", VIRUSTOTAL_REQUESTS_PER_MINUTE: "1" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("waits for an alert that is late in the logs, and does not wait when it is there", async () => {
      const startedAt = app().clock.now();
      const prompt = defenderAlert(app());
      await prompt.fire();
      await settled(app(), prompt.armId);
      expect(app().clock.now() - startedAt).toBeLessThan(60_000);

      const late = defenderAlert(app(), confirmedThreat, 3);
      await late.fire();
      expect((await settled(app(), late.armId)).comments).toHaveLength(1);
      expect(app().clock.now() - startedAt).toBeGreaterThanOrEqual(10 * 60_000);
    });

    it("drops, with a reason in the log, an alert that never is in an incident", async () => {
      const { armId, fire } = defenderAlert(app(), confirmedThreat, 99);
      const startedAt = app().clock.now();
      await fire();
      expect((await settled(app(), armId)).comments).toEqual([]);
      expect(app().clock.now() - startedAt).toBeGreaterThanOrEqual(30 * 60_000);
      expect(app().log.join("\n")).toContain("no incident has the Defender alert");
    });

    it("survives Log Analytics being throttled, cut off and down", async () => {
      const { armId, fire } = defenderAlert(app());
      const { throttled, inPart, forbidden } = logAnalyticsReplies;
      app().services.logAnalytics.script(
        ...[throttled, inPart, forbidden, "dropBefore" as const].map((fault) => ({
          match: () => true,
          fault,
        })),
      );
      await fire();
      expect((await settled(app(), armId)).comments).toHaveLength(1);
    });

    it("is in the comment of a run that is still looking things up", async () => {
      const many = Array.from({ length: 4 }, (_, i) => address(`93.184.217.${i + 1}`));
      const { armId, fire } = defenderAlert(app(), confirmedThreat, 0, { entities: many });
      await postIncident(app().origin, app().services.sentinel.triggerBody(armId));
      await fire();
      const incident = await app().ended(armId);
      expect(text(incident.comment)).toContain("Confirmed Threat");
      expect((await settled(app(), armId)).comments).toHaveLength(1);
    });
  },
);

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
      "Intezer was not asked about 1 URL: the automation rule switches this off",
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
