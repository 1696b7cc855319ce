import { expect, it } from "vitest";
import { postIncident } from "../../commands/run-client";
import { describeStories } from "../support/enricher";
import { addPair, harmless, look, numberOf, post, threatShown, verdictsIn, when } from "../support/merges";
import { minuteMs, passed } from "../support/reconcile";

describeStories(
  { title: "A triaged incident", settings: { INTEZER_ALERTS: "submit" }, onlyHere: "minutes pass in it" },
  (app) => {
    it("that is merged while its run waits has the triage in its comment in the target", async () => {
      const { sentinel } = app().services;
      const { source, target } = addPair(app());
      const merge = () => sentinel.merge(source, target);
      await post(app(), source, () => app().clock.alarm(app().clock.now() + 20_000, merge));
      await app().settled();
      const { texts, tags } = await look(app(), target);
      expect(texts.filter((each) => each.includes("Confirmed Threat"))).toHaveLength(1);
      expect(verdictsIn(tags)).toEqual(["threat-found"]);
    });
  },
);
describeStories(
  {
    title: "An incident with its triage",
    settings: { INTEZER_ALERTS: "submit" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it.each([
      { what: "minutes after its run, without an event", seconds: 400, isPosted: false },
      { what: "an hour after its run, with an event", seconds: 3_600, isPosted: true },
    ])("that is merged $what has both in the target, each once", async ({ seconds, isPosted }) => {
      const { sentinel } = app().services;
      const { source, target } = addPair(app());
      const merge = () => sentinel.merge(source, target);
      await post(app(), source, () => app().clock.alarm(app().clock.now() + seconds * 1000, merge));
      await app().settled();
      if (isPosted) {
        await new Promise<void>((passed) => app().clock.alarm(app().clock.now() + seconds * 1000, passed));
        await post(app(), source);
        await app().settled();
      }
      const { texts, tags } = await look(app(), target);
      expect(texts.filter((each) => each.includes("Confirmed Threat"))).toHaveLength(1);
      expect(texts.filter((each) => each.includes(threatShown))).toHaveLength(1);
      expect(tags).toEqual(expect.arrayContaining(["enriched", "threat-found"]));
      expect(verdictsIn(tags)).toHaveLength(1);
    });
  },
);

describeStories(
  {
    title: "An incident with its triage, and reconciliation",
    settings: { INTEZER_ALERTS: "submit", RECONCILE: "known" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("has both in the target when it is merged hours after its run, each once", async () => {
      const { source, target } = addPair(app());
      await post(app(), target);
      await app().ended(target);
      await post(app(), source);
      await app().settled();
      await passed(app(), 120 * minuteMs);
      app().services.sentinel.merge(source, target);
      await passed(app());
      await passed(app(), 120 * minuteMs);
      const { texts, tags } = await look(app(), target);
      const [ofTarget, ...others] = texts;
      expect(ofTarget).toContain("Confirmed Threat");
      expect(others.filter((each) => each.includes("Confirmed Threat"))).toHaveLength(1);
      expect(others.filter((each) => each.includes(threatShown))).toHaveLength(1);
      expect(verdictsIn(tags)).toEqual(["threat-found"]);
    });

    it("has both at the end of a chain when the target is merged an hour later, each once", async () => {
      const { sentinel } = app().services;
      const { source, target } = addPair(app());
      const last = sentinel.addIncident(harmless);
      await post(app(), source);
      await app().settled();
      await passed(app(), 120 * minuteMs);
      sentinel.merge(source, target);
      await passed(app(), 60 * minuteMs);
      sentinel.merge(target, last);
      await passed(app(), 60 * minuteMs);
      const { texts } = await look(app(), last);
      expect(texts.filter((each) => each.includes("Confirmed Threat"))).toHaveLength(1);
      expect(texts.filter((each) => each.includes(threatShown))).toHaveLength(1);
    });
  },
);

describeStories(
  {
    title: "An incident whose first run a merge has started",
    settings: { INTEZER_ALERTS: "submit" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("says that it was not submitted to Intezer", async () => {
      const { source, target } = addPair(app());
      app().services.sentinel.merge(source, target);
      await post(app(), source);
      await app().settled();
      expect((await look(app(), target)).texts).toEqual([expect.stringContaining("Intezer was not asked")]);
    });

    it.each([
      { what: "while that run looks up", isDuring: true },
      { what: "a minute after that run", isDuring: false },
    ])("is submitted when its own trigger comes $what", async ({ isDuring }) => {
      const { sentinel, virustotal } = app().services;
      const { source, target } = addPair(app());
      sentinel.merge(source, target);
      const trigger = () => void postIncident(app().origin, sentinel.triggerBody(target));
      await post(app(), source, () => {
        if (isDuring) when(virustotal, () => true, trigger);
        else app().clock.alarm(app().clock.now() + minuteMs, trigger);
      });
      await app().settled();
      await passed(app(), 2 * minuteMs);
      const { texts, tags, output } = await look(app(), target);
      expect(texts.filter((each) => each.includes("Confirmed Threat"))).toHaveLength(1);
      expect(texts.filter((each) => each.includes(threatShown))).toHaveLength(2);
      expect(verdictsIn(tags)).toEqual(["threat-found"]);
      expect(output.alertId).toBeDefined();
    });
  },
);

describeStories(
  {
    title: "A triage that comes late",
    settings: { INTEZER_ALERTS: "submit", FIRST_COMMENT_SECONDS: "30" },
    options: { intezer: { triageSeconds: 300 } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it.each([
      { what: "merged before its triage", seconds: 200 },
      { what: "merged while its run waited", seconds: 10 },
    ])("for an incident that was $what is in the target, once", async ({ seconds }) => {
      const { sentinel } = app().services;
      const source = sentinel.addIncident(harmless);
      const target = sentinel.addIncident(harmless);
      const merge = () => sentinel.merge(source, target);
      await post(app(), source, () => app().clock.alarm(app().clock.now() + seconds * 1000, merge));
      await app().settled();
      const living = await look(app(), target);
      const triaged = living.texts.filter((each) => each.includes("Confirmed Threat"));
      expect(triaged).toHaveLength(1);
      expect(triaged[0]).toContain(`This is about incident ${numberOf(app(), source)}, which was merged`);
      expect((await look(app(), source)).texts.join()).not.toContain("Confirmed Threat");
      expect(verdictsIn(living.tags)).toEqual(["threat-found"]);
    });
  },
);
