import { expect, it } from "vitest";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories } from "../support/enricher";
import { address } from "../support/entities";
import { minuteMs, onlyHere, passed, untilAfterPass } from "../support/reconcile";

const entities = [address(knownToVirusTotal.cleanAddress)];
const malicious = address(knownToVirusTotal.maliciousAddress);

describeStories(
  { title: "Reconciliation of known incidents", settings: { RECONCILE: "known" }, onlyHere },
  (app) => {
    it("looks up alerts that were added while no trigger arrived for an hour", async () => {
      const { services } = app();
      const { armId, comments } = await app().enrich({ entities });
      expect(comments).toHaveLength(1);
      services.sentinel.addAlert(armId, [malicious]);
      await passed(app(), 60 * minuteMs);
      const after = await app().ended(armId);
      expect(after.comments).toHaveLength(2);
      expect(after.comments[1]?.html).toContain("1 new indicator");
      expect(after.tags).toEqual(["enriched", "threat-found"]);
      expect(after.output).toMatchObject({ alerts: 2 });
    });

    it("leaves an incident that was never started, or is closed, as it is", async () => {
      const { services } = app();
      const never = services.sentinel.addIncident({ entities });
      const closed = services.sentinel.addIncident({
        entities,
        status: "Closed",
        tags: ["enriched", "threat-found"],
      });
      await passed(app(), 60 * minuteMs);
      for (const armId of [never, closed]) expect(services.sentinel.incident(armId).comments).toEqual([]);
    });

    it("comments on an incident that got its tags from another one that was merged into it", async () => {
      const { services } = app();
      const armId = services.sentinel.addIncident({
        entities: [malicious],
        tags: ["enriched", "threat-found"],
      });
      await passed(app());
      const after = await app().ended(armId);
      expect(after.comments).toHaveLength(1);
      expect(after.comment).toContain("Threat found");
    });

    it("starts a run again that could not write its comment", async () => {
      const { sentinel } = app().services;
      const isComment = ({ method, path }: { readonly method: string; readonly path: string }) =>
        method === "PUT" && path.includes("/comments/");
      const forbidden = { status: 403, json: { error: { code: "AuthorizationFailed" } } };
      sentinel.script({ match: isComment, fault: forbidden });
      const { armId, run, comments } = await app().enrich({ entities: [malicious] });
      expect([run.runtimeStatus, comments]).toEqual(["Failed", []]);
      await passed(app());
      expect((await app().ended(armId)).comments).toHaveLength(1);
    });

    it.each([
      { target: "that no trigger came for", own: undefined, comments: 1 },
      { target: "that has a comment of its own", own: entities, comments: 2 },
      { target: "whose run had nothing to look up", own: [], comments: 1 },
    ])(
      "comments on an incident $target when an enriched one is merged into it, alerts last",
      async ({ own, comments }) => {
        const { services } = app();
        const source = await app().enrich({ entities: [malicious] });
        const target = own
          ? (await app().enrich({ entities: own })).armId
          : services.sentinel.addIncident({ entities });
        await passed(app(), untilAfterPass(app()));
        services.sentinel.merge(source.armId, target, { tagsAfterSeconds: 60, alertsAfterSeconds: 600 });
        await passed(app(), 90 * minuteMs);
        const after = await app().ended(target);
        expect(after.comments).toHaveLength(comments);
        expect(after.comments.at(-1)?.html).toContain("Threat found");
        const { incidentNumber } = services.sentinel.incident(source.armId).properties;
        expect(after.comments.at(-1)?.html).toContain(`Incident ${incidentNumber} was merged into this one`);
        expect(after.tags.filter((tag) => /^(threat|verdict|no-known)/.test(tag))).toEqual(["threat-found"]);
        expect(services.sentinel.incident(source.armId).comments).toHaveLength(1);
      },
    );

    it.each([
      { what: "failed", entities: [malicious], fault: { status: 403, json: {} }, late: [] },
      { what: "saw no indicator", entities: [], fault: undefined, late: [malicious] },
    ])("comments on an incident when one whose run $what is merged into it", async (story) => {
      const { sentinel } = app().services;
      const isComment = ({ method, path }: { readonly method: string; readonly path: string }) =>
        method === "PUT" && path.includes("/comments/");
      if (story.fault) sentinel.script({ match: isComment, fault: story.fault });
      const source = await app().enrich({ entities: story.entities });
      await app().settled();
      const target = sentinel.addIncident({});
      sentinel.merge(source.armId, target);
      await passed(app(), 30 * minuteMs);
      sentinel.addLateEntities(target, story.late);
      await passed(app(), 30 * minuteMs);
      const { comments, tags } = sentinel.incident(target);
      expect(comments.map(({ html }) => html)).toEqual([expect.stringContaining("Threat found")]);
      expect(tags).toEqual(["enriched", "threat-found"]);
    });

    it("reads who has commented before it takes a comment for its own", async () => {
      const { services } = app();
      const tags = ["enriched", "threat-found"];
      const ours = (await app().enrich({ entities })).comment;
      const byAnalyst = services.sentinel.addIncident({ entities: [malicious], tags, comments: ["Mine."] });
      const byApp = services.sentinel.addIncident({ entities: [malicious], tags, comments: [ours] });
      await passed(app());
      expect((await app().ended(byAnalyst)).comments).toHaveLength(2);
      await passed(app(), 60 * minuteMs);
      expect(services.sentinel.incident(byApp).comments).toHaveLength(1);
      expect(services.sentinel.incident(byAnalyst).comments).toHaveLength(2);
    });

    it("enriches an incident whose entities came after its run had ended without any", async () => {
      const { services } = app();
      const { armId, comments, output } = await app().enrich({});
      expect([comments, output.indicators]).toEqual([[], 0]);
      services.sentinel.addLateEntities(armId, [malicious]);
      await passed(app(), 30 * minuteMs);
      expect((await app().ended(armId)).comment).toContain("Threat found");
    });
  },
);
