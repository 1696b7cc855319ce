import { convert } from "html-to-text";
import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { confirmedThreat } from "../../local/simulators/intezer-data";
import type { EntitySeed } from "../../local/simulators/sentinel-incidents";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address, domain } from "../support/entities";

const { cleanAddress, maliciousAddress, maliciousDomain } = knownToVirusTotal;
const text = (html: string | undefined) => convert(html ?? "", { wordwrap: false });
const minuteMs = 60_000;

const alertsAdded = { alerts: [{}], updatedBy: { source: "AlertGrouping", name: "Alert grouping" } };

/** Posts an update that reports added alerts. */
function postAdded({ origin, services }: Enricher, armId: string, updates: object = alertsAdded) {
  return postIncident(origin, services.sentinel.triggerBody(armId, "Update", { ...updates }));
}

function passed({ clock }: Enricher, ms: number): Promise<void> {
  return new Promise((rung) => void clock.alarm(clock.now() + ms, rung));
}

describeStories(
  { title: "An incident that is enriched again later", onlyHere: "minutes pass in it" },
  (app) => {
    it("by an analyst after a quarter of an hour has no second comment when nothing has changed", async () => {
      const { sentinel } = app().services;
      const { armId, output } = await app().enrich({ entities: [address(cleanAddress)] });
      await passed(app(), 16 * minuteMs);
      expect(await postIncident(app().origin, sentinel.triggerBody(armId))).toMatchObject({
        accepted: true,
        duplicate: false,
      });
      const again = await app().ended(armId);
      expect(again.output.run).toBeGreaterThan(output.run);
      expect(again.output).toMatchObject({ verdict: "clean", commentIds: [], warnings: [] });
      expect(again.writes).toEqual({ comments: 1, tags: 1 });
    });

    it("has its tags written again where a person has removed them", async () => {
      const { sentinel } = app().services;
      const { armId } = await app().enrich({ entities: [address(cleanAddress)] });
      sentinel.untag(armId, "no-known-threat");
      await passed(app(), 16 * minuteMs);
      await postIncident(app().origin, sentinel.triggerBody(armId));
      const again = await app().ended(armId);
      expect(again.tags).toEqual(["enriched", "no-known-threat"]);
      expect(again.writes).toEqual({ comments: 1, tags: 2 });
    });

    it("says which verdict has changed", async () => {
      const { sentinel, virustotal } = app().services;
      virustotal.script({
        match: ({ path }) => path.endsWith(maliciousAddress),
        fault: { status: 404, json: { error: { code: "NotFoundError", message: "not found" } } },
      });
      const { armId, output } = await app().enrich({ entities: [address(maliciousAddress)] });
      expect(output).toMatchObject({ unknown: 1, malicious: 0 });
      await passed(app(), 120 * minuteMs);
      await postIncident(app().origin, sentinel.triggerBody(armId));
      const again = await app().ended(armId);
      expect(text(again.comments[1]?.html)).toContain(
        "1 verdict changed (IP address 138[.]128[.]150[.]133 is malicious, was unknown)",
      );
      expect(again.tags).toEqual(["enriched", "threat-found"]);
    });
  },
);

describeStories({ title: "An incident that is enriched again at once" }, (app) => {
  it("because an alert was added is at once, and the comment says what is new", async () => {
    const { sentinel } = app().services;
    const { armId } = await app().enrich({ entities: [address(cleanAddress)] });
    sentinel.addEntities(armId, [domain(maliciousDomain)]);
    expect(await postAdded(app(), armId)).toMatchObject({ accepted: true, duplicate: false });
    const again = await app().ended(armId);
    expect(again.comments).toHaveLength(2);
    expect(text(again.comments[1]?.html)).toMatch(
      /Changed since the run of \d{4}-\d\d-\d\d \d\d:\d\d UTC: 1 new indicator \(domain /,
    );
    expect(again.tags).toEqual(["enriched", "threat-found"]);
  });

  it.each([
    ["the severity was changed", { alerts: [], updatedBy: { source: "User", name: "Sam Lee" } }],
    [
      "the app itself has written",
      { ...alertsAdded, updatedBy: { source: "Application", name: "func-enricher" } },
    ],
  ])("is nothing that happens when %s", async (_what, updates) => {
    const { armId } = await app().enrich({ entities: [address(cleanAddress)] });
    expect(await postAdded(app(), armId, updates)).toMatchObject({ accepted: false, duplicate: false });
    expect((await app().ended(armId)).writes).toEqual({ comments: 1, tags: 1 });
  });
});

describeStories(
  {
    title: "An alert that is added while the incident is enriched",
    settings: { VIRUSTOTAL_REQUESTS_PER_MINUTE: "1" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    const seen = (method: string, part: string, armId: string) => () =>
      app().services.sentinel.requests.some(
        (request) =>
          request.method === method &&
          request.path.includes(`${armId.split("/").at(-1)}`) &&
          request.path.includes(part),
      );
    const addOn = async (method: string, part: string) => {
      const { sentinel } = app().services;
      const armId = sentinel.addIncident({ entities: [address(cleanAddress), address("93.184.216.77")] });
      await postIncident(app().origin, sentinel.triggerBody(armId));
      await expect.poll(seen(method, part, armId), { interval: 1 }).toBe(true);
      const release = app().clock.hold();
      sentinel.addEntities(armId, [domain(maliciousDomain)]);
      const answer = await postAdded(app(), armId);
      release();
      await app().settled();
      return { answer, incident: await app().ended(armId) };
    };

    it("before the comment is read with it, looked up after it and shown in the update", async () => {
      const { answer, incident } = await addOn("POST", "/entities");
      expect(answer).toMatchObject({ accepted: true, duplicate: true });
      expect(incident.comments).toHaveLength(2);
      expect(text(incident.comments[1]?.html)).toContain(
        "1 indicator has been added to the incident since the first comment.",
      );
      expect(text(incident.comments[1]?.html)).toContain("Malicious (new)");
      expect(incident.tags).toEqual(["enriched", "threat-found"]);
      expect(incident.output).toMatchObject({ indicators: 3, malicious: 1, notChecked: 0 });
    });

    it("after the comment is reported by the next run, which begins when this one has ended", async () => {
      const { answer, incident } = await addOn("PUT", "/comments/");
      expect(answer).toMatchObject({ accepted: true, duplicate: true });
      const reports = incident.comments.filter(({ html }) => text(html).includes("malicious"));
      expect(reports).toHaveLength(1);
      expect(incident.tags).toEqual(["enriched", "threat-found"]);
      expect(incident.output).toMatchObject({ indicators: 3, malicious: 1, notChecked: 0 });
    });
  },
);

describeStories(
  {
    title: "A triage that an addendum has reported",
    settings: { INTEZER_ALERTS: "submit" },
    options: { intezer: { triageSeconds: 400 } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("is not repeated by a later run, and its verdict stays", async () => {
      const { sentinel } = app().services;
      const { armId } = await app().enrich({ entities: [address(cleanAddress)] });
      await app().settled();
      expect(sentinel.incident(armId)).toMatchObject({ tags: ["enriched", "threat-found"] });
      await passed(app(), 16 * minuteMs);
      await postIncident(app().origin, sentinel.triggerBody(armId));
      const again = await app().ended(armId);
      await app().settled();
      expect(sentinel.incident(armId).comments).toHaveLength(2);
      expect(sentinel.incident(armId).tags).toEqual(["enriched", "threat-found"]);
      expect(again.output.commentIds).toEqual([]);
    });
  },
);

describeStories(
  {
    title: "A submitted incident that is enriched again by itself",
    settings: { INTEZER_ALERTS: "submit", VIRUSTOTAL_REQUESTS_PER_MINUTE: "1" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    const mail = { kind: "MailMessage", properties: { recipient: "pat@contoso.com" } };
    const subject = "Only in the trigger's body";

    /** Runs the incident's trigger body, which no other body equals; `during` adds to the incident meanwhile. */
    async function enrichTwice(entities: readonly EntitySeed[], during: (armId: string) => Promise<void>) {
      const { sentinel } = app().services;
      const armId = sentinel.addIncident({ entities });
      const release = app().clock.hold();
      await postIncident(app().origin, { ...sentinel.triggerBody(armId), subject });
      const added = during(armId);
      release();
      await added;
      await app().settled();
      return app().ended(armId);
    }

    const submissionsOf = (armId: string) =>
      app().services.intezer.requests.filter(
        ({ path, body }) => path.endsWith("/alerts/ingest") && JSON.stringify(body).includes(armId),
      );

    /** Ids of the incident's instances that hold the trigger's body, in an input or anywhere in their history. */
    async function instancesWithBody(armId: string): Promise<readonly string[]> {
      const found = await app().instances(armId.split("/").at(-1));
      expect(found.length).toBeGreaterThan(2);
      const holding = found.filter((instance) => JSON.stringify(instance).includes(subject));
      return holding.map(({ instanceId }) => instanceId);
    }

    it("for entities that came late keeps the trigger's body in the run only, and submits it", async () => {
      const { clock, services } = app();
      const last = await enrichTwice([mail, address(cleanAddress)], async (armId) => {
        clock.alarm(clock.now() + 7 * minuteMs, () =>
          services.sentinel.addEntities(armId, [address(maliciousAddress)]),
        );
      });
      expect(last.output).toMatchObject({ indicators: 2, malicious: 1, alertId: expect.any(String) });
      expect(submissionsOf(last.armId)).toHaveLength(2);
      expect(await instancesWithBody(last.armId)).toEqual([`sentinel-${last.armId.split("/").at(-1)}`]);
    });

    it("for alerts that came after its comment does the same", async () => {
      const { sentinel } = app().services;
      const last = await enrichTwice([address(cleanAddress), address("93.184.216.78")], async (armId) => {
        const hasComment = () => sentinel.incident(armId).comments.length > 0;
        await expect.poll(hasComment, { interval: 1 }).toBe(true);
        const release = app().clock.hold();
        sentinel.addEntities(armId, [address(maliciousAddress)]);
        const update = sentinel.triggerBody(armId, "Update", alertsAdded);
        expect(await postIncident(app().origin, { ...update, subject })).toMatchObject({ duplicate: true });
        release();
      });
      expect(last.output).toMatchObject({ indicators: 3, malicious: 1, alertId: expect.any(String) });
      expect(submissionsOf(last.armId)).toHaveLength(2);
      expect(await instancesWithBody(last.armId)).toEqual([`sentinel-${last.armId.split("/").at(-1)}`]);
    });
  },
);

describeStories(
  {
    title: "What a run has found",
    settings: { INTEZER_ALERTS: "listen" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    const enrichAgain = async (armId: string) => {
      await app().settled();
      await passed(app(), 16 * minuteMs);
      await postIncident(app().origin, app().services.sentinel.triggerBody(armId));
      return app().ended(armId);
    };

    it("stays in the tags when a later run cannot check it", async () => {
      const { virustotal } = app().services;
      const { armId } = await app().enrich({ entities: [address(maliciousAddress)] });
      await app().forget();
      virustotal.script({
        match: ({ path }) => path.endsWith(maliciousAddress),
        fault: { status: 503, json: {} },
        times: 4,
      });
      const again = await enrichAgain(armId);
      expect(again.output).toMatchObject({ unknown: 1, notChecked: 1 });
      expect(again.tags).toEqual(["enriched", "threat-found", "enrichment-incomplete"]);
    });

    it("stays in the tags when it was a triage, which is not delivered again", async () => {
      const { sentinel, intezer } = app().services;
      const armId = sentinel.addIncident({ entities: [address(cleanAddress)] });
      intezer.addAlert({
        alertId: "al:1",
        alert: { raw_alert: { object: { id: armId } } },
        triage: confirmedThreat,
      });
      const release = app().clock.hold();
      await postIncident(app().origin, sentinel.triggerBody(armId));
      await intezer.fireWebhook("al:1", { body: { microsoft_sentinel_incident_id: armId } });
      release();
      const first = await app().ended(armId);
      await app().settled();
      expect(sentinel.incident(armId).tags).toEqual(["enriched", "threat-found"]);
      expect(first.output.verdict).toBe("malicious");
      expect((await enrichAgain(armId)).tags).toEqual(["enriched", "threat-found"]);
    });
  },
);
