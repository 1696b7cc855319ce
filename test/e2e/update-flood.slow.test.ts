import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address } from "../support/entities";

const minuteMs = 60_000;
const added = { alerts: [{}], updatedBy: { source: "AlertGrouping", name: "Alert grouping" } };

function passed({ clock }: Enricher, ms: number): Promise<void> {
  return new Promise((rung) => void clock.alarm(clock.now() + ms, rung));
}

describeStories(
  { title: "An incident to which alerts are added all the time", onlyHere: "minutes pass in it" },
  (app) => {
    it("has at most one run in five minutes because of them, and the last alert is looked up", async () => {
      const { services, clock, log, origin } = app();
      const { sentinel } = services;
      const armId = sentinel.addIncident({ entities: [address(knownToVirusTotal.cleanAddress)] });
      await postIncident(origin, sentinel.triggerBody(armId));
      await app().ended(armId);
      const startedAt = clock.now();
      for (let i = 1; i <= 60; i++) {
        const release = clock.hold();
        sentinel.addEntities(armId, [address(`93.184.216.${i}`)]);
        await postIncident(origin, sentinel.triggerBody(armId, "Update", added));
        release();
        await passed(app(), 30_000);
      }
      const minutes = (clock.now() - startedAt) / minuteMs;
      await app().settled();
      const { output } = await app().ended(armId);
      expect(output).toMatchObject({ indicators: 61, notChecked: 0 });
      const runs = new Set(log.flatMap((line) => /\brun: (\d{13})/.exec(line)?.slice(1) ?? []));
      expect(runs.size).toBeGreaterThan(3);
      expect(runs.size).toBeLessThanOrEqual(1 + Math.ceil(minutes / 5) + 1);
    });
  },
);
