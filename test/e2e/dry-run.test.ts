import { convert } from "html-to-text";
import { expect, it } from "vitest";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import type { DeliveryOutput } from "../../orchestrators/steps/write-addendum";
import { describeStories, type Enricher } from "../support/enricher";
import { address } from "../support/entities";

const { maliciousAddress, cleanAddress } = knownToVirusTotal;
const nothingWritten = { comments: 0, tags: 0 };
const text = (html: string | undefined) => convert(html ?? "", { wordwrap: false });

describeStories({ title: "DRY_RUN=true", settings: { DRY_RUN: "true" } }, (app) => {
  it("writes nothing and shows the comment in the run's output", async () => {
    const incident = await app().enrich({ entities: [address(maliciousAddress)] });
    expect(incident.writes).toEqual(nothingWritten);
    expect(incident.output.comment).toMatch(/Threat (found|suspected)/);
    expect(incident.output).not.toHaveProperty("update");
  });
});

describeStories(
  {
    title: "DRY_RUN=true with a key that is slow",
    settings: { DRY_RUN: "true", VIRUSTOTAL_REQUESTS_PER_MINUTE: "1", FIRST_COMMENT_SECONDS: "30" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("shows the update, too", async () => {
      const incident = await app().enrich({ entities: [address(cleanAddress), address(maliciousAddress)] });
      expect(incident.writes).toEqual(nothingWritten);
      expect(text(incident.output.comment)).toContain("Pending (1):");
      expect(text(incident.output.update)).toMatch(/^Update/i);
      expect(incident.output.tags).toContain("threat-found");
    });
  },
);

/** What became of the deliveries of triages. */
async function deliveries(app: Enricher): Promise<readonly DeliveryOutput[]> {
  return (await app.instances("triage-")).map(({ output }) => output as DeliveryOutput);
}

describeStories(
  {
    title: "DRY_RUN=true and a triage that comes late",
    settings: { DRY_RUN: "true", INTEZER_ALERTS: "listen" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("shows the addendum in the delivery's output", async () => {
      const { intezer, sentinel } = app().services;
      const armId = sentinel.addIncident();
      intezer.addAlert({
        alertId: "al:1",
        alert: { raw_alert: { object: { id: armId } } },
        triage: { triage_result: { alert_verdict: "confirmed_threat" } },
      });
      await intezer.fireWebhook("al:1", { body: { microsoft_sentinel_incident_id: armId } });
      await app().settled();
      expect(sentinel.incident(armId).writes).toEqual(nothingWritten);
      const [delivery] = await deliveries(app());
      expect(delivery).toMatchObject({
        ended: "dropped",
        reason: "a dry run writes nothing",
        tags: ["threat-found"],
      });
      expect(text(delivery?.comment)).toContain("Confirmed Threat");
    });
  },
);
