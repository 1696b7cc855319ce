import { expect, it } from "vitest";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import { commentIdFor } from "../../domain/comment/id";
import type { IncidentRef } from "../../domain/incident/incident";
import type { MergeOptions } from "../../local/simulators/sentinel-merges";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address, domain } from "../support/entities";
import {
  addPair,
  guidOf,
  harmless,
  isCommentIn,
  isReadOf,
  look,
  nth,
  numberOf,
  post,
  threat,
  threatShown,
  verdictsIn,
  when,
} from "../support/merges";

const { maliciousDomain } = knownToVirusTotal;
const refOf = (armId: string) => incidentFrom(armId) as IncidentRef;
interface Moment {
  readonly what: string;
  readonly how?: MergeOptions;
  /** Comments that are in the source before a run can know. */
  readonly inSource: number;
  /** Merges at that moment. */
  readonly prepare: (app: Enricher, source: string, merge: () => void) => void;
}

const moments: readonly Moment[] = [
  {
    what: "while it is looked up",
    inSource: 1,
    prepare: ({ services }, _source, merge) => when(services.virustotal, () => true, merge),
  },
  {
    what: "while its first comment is written",
    inSource: 1,
    prepare: ({ services }, source, merge) => when(services.sentinel, isCommentIn(source), merge),
  },
  {
    what: "between comment and tags",
    inSource: 1,
    prepare: ({ services }, source, merge) => when(services.sentinel, nth(3, isReadOf(source)), merge),
  },
  {
    what: "while it is looked up, with alerts and tags that move later",
    how: { alertsAfterSeconds: 300, tagsAfterSeconds: 200 },
    inSource: 1,
    prepare: ({ services }, _source, merge) => when(services.virustotal, () => true, merge),
  },
];

describeStories(
  { title: "An incident that is merged during its run", onlyHere: "minutes pass in it" },
  (app) => {
    it.each(moments)("$what has its findings in the target, under the run's own id", async (moment) => {
      const { source, target } = addPair(app());
      const merge = () => app().services.sentinel.merge(source, target, moment.how);
      await post(app(), source, () => moment.prepare(app(), source, merge));
      await app().settled();
      const [old, living] = [await look(app(), source), await look(app(), target)];
      const id = commentIdFor(refOf(source), old.output.run, "first");
      expect(old.output.commentIds).toEqual([id]);
      expect(old.output.mergedInto?.incidentId).toBe(guidOf(target));
      expect(old.writes.comments).toBe(moment.inSource);
      expect(living.ids.filter((each) => each === id)).toHaveLength(1);
      expect(living.texts[0]).toContain(threatShown);
      expect(living.texts[0]).toContain(
        `incident ${numberOf(app(), source)}, which was merged into this one`,
      );
      expect(verdictsIn(living.tags)).toEqual(["threat-found"]);
    });

    it("has the target enriched as well when alerts and tags are there, and nothing is looked up twice", async () => {
      const { virustotal } = app().services;
      const { source, target } = addPair(app());
      const before = virustotal.requests.length;
      await post(app(), source, () =>
        when(
          virustotal,
          () => true,
          () => app().services.sentinel.merge(source, target),
        ),
      );
      await app().settled();
      const { output, texts } = await look(app(), target);
      expect(output).toMatchObject({ indicators: 2, malicious: 1, clean: 1, notChecked: 0 });
      expect(texts.at(-1)).toContain(`Incident ${numberOf(app(), source)} was merged into this one`);
      const asked = virustotal.requests
        .slice(before)
        .map(({ path }) => path)
        .filter((path) => !path.includes("quota"));
      expect(asked).toHaveLength(new Set(asked).size);
    });

    it("leaves no other verdict in the target than that of all alerts, whichever was tagged first", async () => {
      const { sentinel } = app().services;
      const source = sentinel.addIncident(harmless);
      const target = sentinel.addIncident(threat);
      await post(app(), target);
      await app().ended(target);
      await post(app(), source, () =>
        when(sentinel, nth(3, isReadOf(source)), () => sentinel.merge(source, target)),
      );
      await app().settled();
      expect((await look(app(), target)).tags).toEqual(["enriched", "threat-found"]);
    });

    it("is followed when the target is merged, too", async () => {
      const { sentinel } = app().services;
      const { source, target } = addPair(app());
      const last = sentinel.addIncident(harmless);
      await post(app(), source, () => {
        when(sentinel, isCommentIn(source), () => sentinel.merge(source, target));
        when(sentinel, isCommentIn(target), () => sentinel.merge(target, last));
      });
      await app().settled();
      const { ids, tags } = await look(app(), last);
      const { output } = await look(app(), source);
      expect(ids).toContain(output.commentIds[0]);
      expect(output.mergedInto?.incidentId).toBe(guidOf(last));
      expect(verdictsIn(tags)).toEqual(["threat-found"]);
    });

    it("keeps its comment where the target is unknown", async () => {
      const source = app().services.sentinel.addIncident(threat);
      const target = app().services.sentinel.addIncident(harmless);
      await post(app(), source, () =>
        when(
          app().services.virustotal,
          () => true,
          () => app().services.sentinel.merge(source, target, { shownBy: "label" }),
        ),
      );
      await app().settled();
      const { texts, tags, output } = await look(app(), source);
      expect(texts).toEqual([expect.stringContaining(threatShown)]);
      expect(tags).toEqual(expect.arrayContaining(["enriched", "threat-found"]));
      expect(output.warnings).toEqual([expect.stringContaining("into another one, which it does not name")]);
    });

    it("pays nothing for it where none is merged", async () => {
      const { sentinel } = app().services;
      const before = sentinel.requests.length;
      await app().enrich({ entities: [domain(maliciousDomain)] });
      const asked = sentinel.requests
        .slice(before)
        .map(({ method, path }) => `${method} ${path.split("/").slice(13).join("/")}`);
      expect(asked.toSorted()).toEqual(
        [
          "GET ",
          "GET ",
          "GET ",
          "POST entities",
          "POST entities",
          "PUT ",
          "GET comments/id",
          "PUT comments/id",
        ]
          .map((each) => each.replace("id", commentIdIn(asked)))
          .toSorted(),
      );
    });
  },
);

const commentIdIn = (asked: readonly string[]) =>
  asked.find((each) => each.startsWith("PUT comments/"))?.split("/")[1] ?? "";

describeStories(
  {
    title: "A comment that a merged incident refuses",
    options: { sentinel: { commentInMerged: "refuse" } },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("is in the target", async () => {
      const { source, target } = addPair(app());
      await post(app(), source, () =>
        when(
          app().services.virustotal,
          () => true,
          () => app().services.sentinel.merge(source, target),
        ),
      );
      await app().settled();
      expect((await look(app(), source)).texts).toEqual([]);
      expect((await look(app(), target)).texts[0]).toContain(threatShown);
    });
  },
);

describeStories(
  {
    title: "An incident that is merged before its update",
    settings: { FIRST_COMMENT_SECONDS: "30", VIRUSTOTAL_REQUESTS_PER_MINUTE: "1" },
    onlyHere: "minutes pass in it",
  },
  (app) => {
    it("has first comment and update in the target, each once", async () => {
      const { sentinel } = app().services;
      const { source, target } = addPair(app());
      sentinel.addEntities(source, [address("93.184.216.34"), address("93.184.216.35")]);
      const merge = () => sentinel.merge(source, target);
      await post(app(), source, () => app().clock.alarm(app().clock.now() + 50_000, merge));
      await app().settled();
      const { output, writes } = await look(app(), source);
      const living = await look(app(), target);
      expect(output.commentIds).toHaveLength(2);
      expect(writes.comments).toBeGreaterThanOrEqual(1);
      expect(living.ids.filter((id) => output.commentIds.includes(id))).toEqual(output.commentIds);
      expect(verdictsIn(living.tags)).toEqual(["threat-found"]);
    });
  },
);
