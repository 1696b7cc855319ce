import { expect, it } from "vitest";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { address } from "../support/entities";
import { all, commentsOf, hourMs, minuteMs, onlyHere, passed, raise } from "../support/reconcile";

const entities = [address(knownToVirusTotal.cleanAddress)];

describeStories({ title: "Reconciliation of all incidents", settings: all, onlyHere }, (app) => {
  it("catches up with an hour in which no trigger arrived, and comments once", async () => {
    const raised: string[] = [];
    for (const severity of ["High", "Medium", "Low"]) {
      raised.push(...raise(app(), 1, () => ({ severity, entities })));
      await passed(app(), 20 * minuteMs);
    }
    const spared = raise(app(), 2, (i) => ({
      entities,
      ...(i === 0 ? { severity: "Informational" } : { status: "Closed" }),
    }));
    await passed(app(), 2 * hourMs);
    for (const armId of raised) {
      const { comments, tags, output, properties } = await app().ended(armId);
      expect([comments.length, tags]).toEqual([1, ["enriched", "no-known-threat"]]);
      const waited = output.run - Date.parse(String(properties.createdTimeUtc));
      expect(waited).toBeGreaterThanOrEqual(15 * minuteMs);
      expect(waited).toBeLessThan(31 * minuteMs);
    }
    expect(commentsOf(app(), spared)).toEqual([0, 0]);
  });

  it("leaves an incident to its automation rule at first: a run that a trigger starts is the only one", async () => {
    const { comments, armId } = await app().enrich({ entities });
    expect(comments).toHaveLength(1);
    await passed(app(), 2 * hourMs);
    expect(commentsOf(app(), [armId])).toEqual([1]);
  });
});
