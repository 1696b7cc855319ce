import { expect, it } from "vitest";
import { describeStories } from "../support/enricher";
import { addPair, guidOf, harmless, look, numberOf, post, threat, threatShown } from "../support/merges";

describeStories(
  { title: "An incident that was merged before its run", onlyHere: "minutes pass in it" },
  (app) => {
    it.each([
      { what: "with the number and the label", shownBy: "both" as const },
      { what: "with the number only", shownBy: "number" as const },
    ])("$what has its alerts enriched in the target", async ({ shownBy }) => {
      const { source, target } = addPair(app());
      app().services.sentinel.merge(source, target, { shownBy });
      await post(app(), source);
      await app().settled();
      const [old, living] = [await look(app(), source), await look(app(), target)];
      expect(old.writes).toEqual({ comments: 0, tags: 0 });
      const number = numberOf(app(), target);
      expect(old.output.mergedInto).toMatchObject({ number, incidentId: guidOf(target) });
      expect(old.output.warnings.join()).toContain(`merged into incident ${number} (${guidOf(target)})`);
      expect(living.texts).toHaveLength(1);
      expect(living.texts[0]).toContain(threatShown);
      expect(living.texts[0]).toContain(
        `Incident ${numberOf(app(), source)} was merged into this one. The alerts that have moved here so far are included.`,
      );
      expect(living.tags).toEqual(["enriched", "threat-found"]);
    });

    it("has its alerts enriched in a target that was enriched a minute ago", async () => {
      const { source, target } = addPair(app());
      await post(app(), target);
      await app().ended(target);
      app().services.sentinel.merge(source, target);
      await post(app(), source);
      await app().settled();
      const { texts, tags } = await look(app(), target);
      expect(texts.map((each) => each.includes(threatShown))).toEqual([false, true]);
      expect(tags).toEqual(["enriched", "threat-found"]);
    });

    it("is followed through another merge", async () => {
      const { sentinel } = app().services;
      const { source, target } = addPair(app());
      const last = sentinel.addIncident(harmless);
      sentinel.merge(source, target);
      sentinel.merge(target, last);
      await post(app(), source);
      await app().settled();
      expect((await look(app(), source)).output.mergedInto?.incidentId).toBe(guidOf(last));
      expect((await look(app(), target)).writes).toEqual({ comments: 0, tags: 0 });
      expect((await look(app(), last)).texts).toEqual([expect.stringContaining(threatShown)]);
    });

    it.each([
      {
        what: "a number that is not found",
        seed: { mergedInto: 4711 },
        said: "merged into incident 4711, which could not be found",
      },
      {
        what: "the label only",
        seed: { status: "Closed", labels: [{ labelName: "redirected", labelType: "AutoAssigned" }] },
        said: "merged into another one, which it does not name",
      },
      {
        what: "its own number",
        seed: { incidentNumber: 9_003, mergedInto: 9_003 },
        said: "merged into incident 9003, which could not be found in its workspace, or was itself merged",
      },
    ])("says so with $what, and has its alerts read as long as other late ones", async ({ seed, said }) => {
      const source = app().services.sentinel.addIncident({ ...seed });
      await post(app(), source);
      await app().settled();
      const { output, texts } = await look(app(), source);
      expect(output.warnings).toEqual([expect.stringContaining(said)]);
      expect(output).not.toHaveProperty("mergedInto");
      expect(texts).toEqual([]);
    });

    it("is enriched where the target is unknown and alerts are left in it", async () => {
      const source = app().services.sentinel.addIncident({
        ...threat,
        status: "Closed",
        labels: [{ labelName: "Redirected", labelType: "AutoAssigned" }],
      });
      await post(app(), source);
      await app().settled();
      const { output, texts, tags } = await look(app(), source);
      expect(texts).toEqual([expect.stringContaining(threatShown)]);
      expect(tags).toEqual(["Redirected", "enriched", "threat-found"]);
      expect(output.warnings).toEqual([
        expect.stringContaining("Look for its alerts in the Defender portal."),
      ]);
    });

    it.each([
      {
        what: "closed by hand under a tag Redirected that a person has set",
        seed: { status: "Closed", tags: ["Redirected"] },
      },
      {
        what: "open with the label of another that was merged into it",
        seed: { labels: [{ labelName: "Redirected", labelType: "AutoAssigned" }] },
      },
    ])("is not what is $what", async ({ seed }) => {
      const incident = await app().enrich({ ...harmless, ...seed });
      expect(incident.output.warnings).toEqual([]);
      expect(incident.comments).toHaveLength(1);
      await app().settled();
    });

    it("does not lead round in a circle", async () => {
      const first = app().services.sentinel.addIncident({ mergedInto: 9_002, incidentNumber: 9_001 });
      app().services.sentinel.addIncident({ mergedInto: 9_001, incidentNumber: 9_002 });
      await post(app(), first);
      await app().settled();
      expect((await look(app(), first)).output.warnings).toEqual([
        expect.stringContaining("incident 9002, which"),
      ]);
    });
  },
);
describeStories(
  { title: "A Defender incident that is merged after its run", onlyHere: "minutes pass in it" },
  (app) => {
    it("is enriched in the target when its entities would have been read again", async () => {
      const { sentinel } = app().services;
      const { source, target } = addPair(app());
      const merge = () => sentinel.merge(source, target);
      await post(app(), source, () => app().clock.alarm(app().clock.now() + 5 * 60_000, merge));
      await app().settled();
      const { texts, tags } = await look(app(), target);
      expect(texts).toEqual([expect.stringContaining(threatShown)]);
      expect(tags).toEqual(["enriched", "threat-found"]);
    });
  },
);
