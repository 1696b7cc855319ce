import { convert } from "html-to-text";
import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { confirmedThreat } from "../../local/simulators/intezer-data";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address } from "../support/entities";

const entities = [address(knownToVirusTotal.cleanAddress)];
const triaged = (verdict: string, note = "A note.") => ({
  ...confirmedThreat,
  triage_result: { alert_verdict: verdict, risk_level: "high" },
  note,
});
const text = (html: string | undefined) => convert(html ?? "", { wordwrap: false });

/** The incident with its addenda, once every delivery has ended. */
async function settled(app: Enricher, armId: string) {
  await app.settled();
  return app.services.sentinel.incident(armId);
}

const submit = { INTEZER_ALERTS: "submit" };

describeStories(
  { title: "An incident that Intezer triages in time", settings: submit, onlyHere: "minutes pass in it" },
  (app) => {
    it("has the triage in its one comment, delivered by webhook and found by asking alike", async () => {
      const incident = await app().enrich({ entities });
      expect(text(incident.comment)).toContain("Confirmed Threat");
      expect(incident.tags).toEqual(["enriched", "threat-found"]);
      expect(incident.output.deliveryId).toMatch(/^[0-9a-f]{16}$/);
      expect(await settled(app(), incident.armId)).toMatchObject({ writes: { comments: 1, tags: 1 } });
    });

    it("is given the whole trigger body, and nothing else learns it", async () => {
      const { intezer, sentinel, virustotal } = app().services;
      const armId = sentinel.addIncident({ entities, title: "Mail from Ada" });
      const alert = sentinel.triggerBody(armId);
      await postIncident(app().origin, alert);
      await app().ended(armId);
      const ingest = intezer.requests.filter(({ path }) => path.endsWith("/alerts/ingest")).at(-1);
      expect(JSON.parse(ingest?.body ?? "{}")).toEqual({ alert, alert_source: "microsoft_sentinel" });
      expect(JSON.stringify(virustotal.requests)).not.toContain("Ada");
    });

    it("has it too when no webhook ever comes: the alert is found by asking", async () => {
      app().services.intezer.setWebhook(undefined);
      const incident = await app().enrich({ entities });
      expect(text(incident.comment)).toContain("Confirmed Threat");
      expect(await settled(app(), incident.armId)).toMatchObject({ writes: { comments: 1, tags: 1 } });
    });

    it("shows a hostile note as text", async () => {
      const { intezer } = app().services;
      intezer.script({
        match: ({ path }) => path.endsWith("/alerts/get-by-id"),
        fault: {
          status: 200,
          json: {
            status: "success",
            result: {
              alert_id: "x",
              ...triaged(
                "suspicious_behavior",
                '<img src=x onerror=alert(1)> [click](https://evil.example) "',
              ),
            },
          },
        },
        times: 1,
      });
      const incident = await app().enrich({ entities });
      expect(incident.comment).not.toMatch(/<img|\]\(|evil\.example"/);
      await app().settled();
    });
  },
);

describeStories(
  {
    title: "A webhook during the lookups",
    settings: { ...submit, VIRUSTOTAL_REQUESTS_PER_MINUTE: "1" },
    options: { intezer: { triageSeconds: 40 } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("is kept until the run waits for it", async () => {
      const incident = await app().enrich({
        entities: [...entities, address("93.184.216.1"), address("93.184.216.2")],
      });
      expect(text(incident.comment)).toContain("Confirmed Threat");
      expect(await settled(app(), incident.armId)).toMatchObject({ writes: { comments: 1, tags: 1 } });
    });
  },
);

describeStories(
  {
    title: "A triage that comes after the comment",
    settings: submit,
    options: { intezer: { triageSeconds: 400 } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("is reported in one addendum, which raises the verdict and completes the tags", async () => {
      const incident = await app().enrich({ entities });
      expect(text(incident.comment)).toMatch(/triage/i);
      expect(incident.tags).toEqual(["enriched", "no-known-threat", "enrichment-incomplete"]);
      const later = await settled(app(), incident.armId);
      expect(later.comments).toHaveLength(2);
      expect(text(later.comments[1]?.html)).toContain("Confirmed Threat");
      expect(later.tags).toEqual(["enriched", "threat-found"]);
    });

    it("is not repeated when it is delivered again, but a new verdict is", async () => {
      const { intezer } = app().services;
      const { armId } = await app().enrich({ entities });
      await app().settled();
      const alertId = intezer.alertIds().at(-1) ?? "";
      expect(await intezer.fireWebhook(alertId, { times: 3, body: { note: "worded otherwise" } })).toEqual([
        202, 202, 202,
      ]);
      expect((await settled(app(), armId)).comments).toHaveLength(2);

      intezer.triage(alertId, triaged("false_positive"));
      await intezer.fireWebhook(alertId);
      const later = await settled(app(), armId);
      expect(later.comments).toHaveLength(3);
      expect(later.tags).toEqual(["enriched", "threat-found"]);
    });
  },
);

describeStories(
  {
    title: "A triage while lookups are still open after the comment",
    settings: { ...submit, VIRUSTOTAL_REQUESTS_PER_MINUTE: "1" },
    options: { intezer: { triageSeconds: 400 } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("keeps its verdict through the run's update, and the last to end completes the tags", async () => {
      const many = Array.from({ length: 12 }, (_, i) => address(`93.184.218.${i + 1}`));
      const incident = await app().enrich({ entities: many });
      const later = await settled(app(), incident.armId);
      expect(later.comments).toHaveLength(3);
      expect(later.tags).toContain("threat-found");
      expect(later.tags).not.toContain("enrichment-incomplete");
    });
  },
);

describeStories(
  { title: "A submission that fails", settings: submit, onlyHere: "minutes pass in it" },
  (app) => {
    it("is not waited for, and the comment says so", async () => {
      const { intezer } = app().services;
      intezer.script({
        match: ({ path }) => path.endsWith("/alerts/ingest"),
        fault: { status: 403, json: { error: "Insufficient Permissions" } },
      });
      const startedAt = app().clock.now();
      const incident = await app().enrich({ entities });
      expect(app().clock.now() - startedAt).toBeLessThan(60_000);
      expect(text(incident.comment)).toMatch(/not submitted|could not be submitted|submission/i);
      expect(incident.writes.comments).toBe(1);
    });

    it("because Intezer has the incident already uses the last run's alert id", async () => {
      const { services, origin, clock } = app();
      const { armId, output } = await app().enrich({ entities });
      await app().settled();
      const release = clock.alarm(clock.now() + 16 * 60_000, () => {});
      await expect
        .poll(async () => (await postIncident(origin, services.sentinel.triggerBody(armId))).duplicate, {
          timeout: 5000,
        })
        .toBe(false);
      release.cancel();
      const again = await app().ended(armId);
      expect(again.output.alertId).toBe(output.alertId);
      expect(again.output.run).not.toBe(output.run);
      expect(text(again.comments.at(-1)?.html)).toContain("Confirmed Threat");
      await app().settled();
    });
  },
);

describeStories({ title: "INTEZER_ALERTS=listen" }, (app) => {
  const alertOf = (alertId: string, armId: string) => {
    app().services.intezer.addAlert({
      alertId,
      alert: { raw_alert: { object: { id: armId } } },
      triage: triaged("likely_true_positive"),
    });
    return { body: { microsoft_sentinel_incident_id: armId } };
  };

  it("submits nothing and waits for nothing", async () => {
    await app().enrich({ entities });
    expect(app().services.intezer.requests.some(({ path }) => path.endsWith("/alerts/ingest"))).toBe(false);
  });

  it("reports a triage of an incident without a run in an addendum", async () => {
    const { sentinel, intezer } = app().services;
    const armId = sentinel.addIncident();
    const delivery = alertOf("al:1", armId);
    expect(await intezer.fireWebhook("al:1", delivery)).toEqual([202]);
    const incident = await settled(app(), armId);
    expect(incident.comments).toHaveLength(1);
    expect(incident.tags).toContain("threat-suspected");
  });

  it("drops an alert of another incident, whatever the webhook claims", async () => {
    const { sentinel, intezer } = app().services;
    const [claimed, real] = [sentinel.addIncident(), sentinel.addIncident()];
    alertOf("al:2", real);
    expect(await intezer.fireWebhook("al:2", { body: { microsoft_sentinel_incident_id: claimed } })).toEqual([
      202,
    ]);
    expect((await settled(app(), claimed)).comments).toEqual([]);
    expect(sentinel.incident(real).comments).toEqual([]);
    expect(JSON.stringify(await app().instances("triage-"))).toContain(
      "the alert does not belong to this incident",
    );
  });

  it("uses nothing of a call without the agreed Authorization, or with a body that is no JSON", async () => {
    const { sentinel, intezer } = app().services;
    const armId = sentinel.addIncident();
    const delivery = alertOf("al:3", armId);
    expect(await intezer.fireWebhook("al:3", { ...delivery, authorization: null })).toEqual([401]);
    expect(await intezer.fireWebhook("al:3", { ...delivery, authorization: "Basic wrong" })).toEqual([401]);
    const response = await fetch(`${app().origin}/api/webhooks/intezer`, {
      method: "POST",
      headers: {
        authorization: "webhook-authorization-of-the-simulator",
        "content-type": "application/json",
      },
      body: "{",
    });
    expect(response.status).toBe(400);
    expect((await settled(app(), armId)).comments).toEqual([]);
  });

  it("claims nothing that only the webhook says", async () => {
    const { sentinel, intezer } = app().services;
    const armId = sentinel.addIncident();
    const delivery = alertOf("al:4", armId);
    await intezer.fireWebhook("al:4", {
      body: { ...delivery.body, ...triaged("confirmed_threat", "only the webhook says so") },
    });
    const incident = await settled(app(), armId);
    expect(incident.comments).toHaveLength(1);
    expect(text(incident.comments[0]?.html)).not.toContain("only the webhook says so");
    expect(incident.tags).not.toContain("threat-found");
  });
});

describeStories(
  {
    title: "A triage of an alert that Intezer does not know",
    settings: { INTEZER_ALERTS: "listen" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("is dropped after asking three times over ten minutes", async () => {
      const { sentinel, intezer } = app().services;
      const armId = sentinel.addIncident();
      const startedAt = app().clock.now();
      expect(
        await intezer.fireWebhook("al:unknown", { body: { microsoft_sentinel_incident_id: armId } }),
      ).toEqual([202]);
      expect((await settled(app(), armId)).comments).toEqual([]);
      expect(app().clock.now() - startedAt).toBeGreaterThanOrEqual(600_000);
      expect(intezer.requests.filter(({ body }) => body.includes("al:unknown"))).toHaveLength(3);
    });
  },
);
