import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import type { Fault } from "../../local/simulators/simulator";
import { describeStories, type Enricher } from "../support/enricher";
import { address } from "../support/entities";

const addresses = Array.from({ length: 12 }, (_, i) => address(`93.184.216.${i + 1}`));
const json = { error: { code: "Injected", message: "injected" } };
const minuteMs = 60_000;

/** Matches every reading of an incident's entities but the first one. */
function readingAgain(incidentId: string) {
  let readings = 0;
  return ({ path }: { path: string }) => path.endsWith(`${incidentId}/entities`) && ++readings > 1;
}

/** Enriches an incident whose entities can be read once only, and shows when what was written (ms since the trigger). */
async function enrichReadOnce({ origin, services, clock, ended }: Enricher, fault: Fault | undefined) {
  const { sentinel } = services;
  const [from, startedAt] = [sentinel.requests.length, clock.now()];
  const id = randomUUID();
  if (fault) sentinel.script({ match: readingAgain(id), fault, times: 4 });
  const armId = sentinel.addIncident({ id, entities: addresses });
  // Changed since the first reading: an incident that has not changed has no other entities.
  sentinel.tagAfterRead(armId, "vip");
  await postIncident(origin, sentinel.triggerBody(armId));
  const { output, tags } = await ended(armId);
  const puts = sentinel.requests.slice(from).filter(({ method }) => method === "PUT");
  const after = (at: number | undefined) => (at === undefined ? Number.NaN : at - startedAt);
  return {
    output,
    tags,
    commentAfter: after(puts.find(({ path }) => path.includes("/comments/"))?.at),
    tagsAfter: after(puts.find(({ path }) => !path.includes("/comments/"))?.at),
    lastTagsAfter: after(puts.findLast(({ path }) => !path.includes("/comments/"))?.at),
  };
}

describeStories(
  {
    title: "When the entities cannot be read once more beside the comment",
    settings: {
      INTEZER_FILES: "false",
      VIRUSTOTAL_REQUESTS_PER_MINUTE: "1",
      FIRST_COMMENT_SECONDS: "120",
      ENRICHMENT_DEADLINE_SECONDS: "900",
    },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it.each<{ readonly what: string; readonly fault: Fault | undefined }>([
      { what: "nothing fails", fault: undefined },
      { what: "Sentinel fails", fault: { status: 500, json } },
      { what: "Sentinel throttles without saying for how long", fault: { status: 429, json } },
      {
        what: "Sentinel throttles for five minutes",
        fault: { status: 429, json, headers: { "retry-after": "300" } },
      },
      { what: "Sentinel refuses", fault: { status: 403, json } },
      { what: "the connection breaks", fault: "dropBefore" },
    ])("tags and open lookups come at their time when $what", async ({ fault }) => {
      const run = await enrichReadOnce(app(), fault);
      expect(run.commentAfter).toBeLessThan(3 * minuteMs);
      expect(run.tagsAfter - run.commentAfter).toBeLessThan(30_000);
      expect(run.output).toMatchObject({ indicators: 12, notChecked: 0 });
      expect(run.tags).toEqual(["vip", "enriched", "verdict-unknown"]);
      expect(run.lastTagsAfter).toBeLessThan(14 * minuteMs);
      await app().settled();
    });

    it("they are read once more two minutes later, and what came meanwhile is looked up", async () => {
      const { services, clock } = app();
      const id = randomUUID();
      services.sentinel.script({ match: readingAgain(id), fault: { status: 500, json } });
      const armId = services.sentinel.addIncident({ id, entities: addresses.slice(0, 1) });
      services.sentinel.tagAfterRead(armId, "vip");
      const release = clock.hold();
      clock.alarm(clock.now() + minuteMs, () => services.sentinel.addEntities(armId, addresses.slice(1, 2)));
      await postIncident(app().origin, services.sentinel.triggerBody(armId));
      release();
      await app().settled();
      const last = await app().ended(armId);
      expect(last.output).toMatchObject({ indicators: 2, notChecked: 0, warnings: [] });
      expect(last.comments).toHaveLength(2);
    });
  },
);
