import { convert } from "html-to-text";
import { expect, it } from "vitest";
import { describeStories } from "../support/enricher";
import { address } from "../support/entities";

const addresses = (count: number) => Array.from({ length: count }, (_, i) => address(`93.184.216.${i + 1}`));
const isSubmission = ({ path }: { path: string }) => path.endsWith("/alerts/ingest");

describeStories(
  {
    title: "A submission that Intezer puts off",
    settings: { INTEZER_ALERTS: "submit", VIRUSTOTAL_REQUESTS_PER_MINUTE: "4" },
    options: { intezer: { triageSeconds: 30 } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it.each([
      { status: 503, count: 3, withinSeconds: 20 },
      { status: 503, count: 30, withinSeconds: 20 },
      { status: 429, count: 3, withinSeconds: 90 },
      { status: 429, count: 30, withinSeconds: 90 },
    ])(
      "with $status beside the lookups of $count addresses is made again after its own pause",
      async ({ status, count, withinSeconds }) => {
        const { intezer } = app().services;
        const from = intezer.requests.length;
        intezer.script({ match: isSubmission, fault: { status, json: {} } });
        const { output, comment } = await app().enrich({ entities: addresses(count) });
        const tries = intezer.requests.slice(from).filter(isSubmission);
        const [first = 0, second = Number.POSITIVE_INFINITY] = tries.map(({ at }) => at);
        expect(second - first).toBeLessThan(withinSeconds * 1000);
        expect(output.alertId).toBeDefined();
        expect(convert(comment)).toContain("Confirmed Threat");
        await app().settled();
      },
    );

    it("for good costs the triage only", async () => {
      const { intezer } = app().services;
      intezer.script({ match: isSubmission, fault: { status: 503, json: {} }, times: 99 });
      const { run, output, tags, comments } = await app().enrich({ entities: addresses(3) });
      expect(run.runtimeStatus).toBe("Completed");
      expect(output).toMatchObject({ indicators: 3, notChecked: 0 });
      expect(tags).toContain("enriched");
      expect(comments).toHaveLength(1);
    });
  },
);

describeStories(
  {
    title: "An incident whose body no submission can be made of",
    settings: { INTEZER_ALERTS: "submit", ENTITY_RETRY_SECONDS: "1" },
    onlyHere: "a body is nested deeply in it",
  },
  (app) => {
    it("is enriched all the same, and the comment says that it was not submitted", async () => {
      const { sentinel } = app().services;
      const armId = sentinel.addIncident({ entities: addresses(1) });
      const depth = 20_000;
      const deep = `${"[".repeat(depth)}${"]".repeat(depth)}`;
      const body = JSON.stringify({
        ...sentinel.triggerBody(armId),
        object: { id: armId, properties: { relatedEntities: [] } },
      }).replace(/}$/, `,"deep":${deep}}`);
      const response = await fetch(`${app().origin}/api/incidents`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      expect(response.status).toBe(202);
      const { run, output, comments } = await app().ended(armId);
      expect(run.runtimeStatus).toBe("Completed");
      expect(output).toMatchObject({ indicators: 1, notChecked: 0 });
      expect(comments).toHaveLength(1);
    });
  },
);
