import { expect, it } from "vitest";
import { postIncident } from "../../../commands/run-client";
import { confirmedThreat, type TriageFindings } from "../../../local/simulators/intezer-data";
import { logAnalyticsReplies } from "../../../local/simulators/log-analytics";
import { describeStories, type Enricher } from "../../support/enricher";
import { address } from "../../support/entities";
import { text } from "./setup";

const vendorAlertId = "da639057312345678901_-1234567890";

/** The incident once nothing runs any more. */
async function settled(app: Enricher, armId: string) {
  await app.settled();
  return app.services.sentinel.incident(armId);
}

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
      expect(app().log.join("\n")).toContain("no incident contains the Defender alert");
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
