import { convert } from "html-to-text";
import { expect, it } from "vitest";
import { incidentFrom } from "../../clients/sentinel/arm-id";
import { postIncident } from "../../commands/run-client";
import { commentIdFor } from "../../domain/comment/id";
import type { IncidentRef } from "../../domain/incident/incident";
import type { RunOutput } from "../../domain/run/run";
import type { IncidentSeed } from "../../local/simulators/sentinel-incidents";
import type { MergeOptions } from "../../local/simulators/sentinel-merges";
import type { Simulator, SimulatorRequest } from "../../local/simulators/simulator";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { describeStories, type Enricher } from "../support/enricher";
import { address, domain } from "../support/entities";

const { cleanAddress, maliciousDomain } = knownToVirusTotal;
const threat: IncidentSeed = { fromDefender: true, entities: [domain(maliciousDomain)] };
const harmless: IncidentSeed = { fromDefender: true, entities: [address(cleanAddress)] };
const verdictTags = ["threat-found", "threat-suspected", "verdict-unknown", "no-known-threat"];
const minutes = (count: number) => count * 60_000;

const guidOf = (armId: string) => String(armId.split("/").at(-1));
const text = (html: string) => convert(html, { wordwrap: false });
const threatShown = maliciousDomain.replaceAll(".", "[.]");

/** Two incidents of which the first is to be merged into the other. */
function addPair({ services: { sentinel } }: Enricher) {
  return { source: sentinel.addIncident(threat), target: sentinel.addIncident(harmless) };
}

/** An incident as an analyst sees it, with the output of its last run. */
async function look({ services, origin }: Enricher, armId: string) {
  const { comments, tags, writes } = services.sentinel.incident(armId);
  const response = await fetch(
    `${origin}/runtime/webhooks/durabletask/instances/sentinel-${guidOf(armId)}?showInput=false`,
  );
  const run = response.status === 404 ? undefined : ((await response.json()) as { output: RunOutput });
  return {
    texts: comments.map(({ html }) => text(html)),
    ids: comments.map(({ id }) => id),
    tags,
    writes,
    output: run?.output as RunOutput,
  };
}

/** Calls once when a request comes for which it is time, before it is answered. */
function when(simulator: Simulator, isTime: (request: SimulatorRequest) => boolean, act: () => void) {
  let isDone = false;
  const match = (request: SimulatorRequest) => {
    if (!isDone && isTime(request)) {
      isDone = true;
      act();
    }
    return false;
  };
  simulator.script({ match, fault: "hang" });
}

/** The nth request of a kind. */
function nth(count: number, isOne: (request: SimulatorRequest) => boolean) {
  let seen = 0;
  return (request: SimulatorRequest) => isOne(request) && ++seen === count;
}

const isReadOf = (armId: string) => (request: SimulatorRequest) =>
  request.method === "GET" && request.path.endsWith(`/incidents/${guidOf(armId)}`);
const isCommentIn = (armId: string) => (request: SimulatorRequest) =>
  request.method === "PUT" && request.path.includes(`${guidOf(armId)}/comments/`);

/** Posts the incident, with nothing happening before the app has answered. */
async function post({ services, origin, clock }: Enricher, armId: string, prepare = () => {}) {
  const release = clock.hold();
  prepare();
  await postIncident(origin, services.sentinel.triggerBody(armId));
  release();
}

const verdictsIn = (tags: readonly string[]) => tags.filter((tag) => verdictTags.includes(tag));

describeStories(
  { title: "An incident that was merged before its run", onlyHere: "minutes pass in it" },
  (app) => {
    it.each([
      { what: "with the number and the label", tells: "both" as const },
      { what: "with the number only", tells: "number" as const },
    ])("$what has its alerts enriched in the target", async ({ tells }) => {
      const { source, target } = addPair(app());
      app().services.sentinel.merge(source, target, { tells });
      await post(app(), source);
      await app().settled();
      const [old, living] = [await look(app(), source), await look(app(), target)];
      expect(old.writes).toEqual({ comments: 0, tags: 0 });
      const { number } = incidentOf(app(), target);
      expect(old.output.mergedInto).toMatchObject({ number, incidentId: guidOf(target) });
      expect(old.output.warnings.join()).toContain(`merged into incident ${number} (${guidOf(target)})`);
      expect(living.texts).toHaveLength(1);
      expect(living.texts[0]).toContain(threatShown);
      expect(living.texts[0]).toContain(
        `Includes the alerts of incident ${incidentOf(app(), source).number}, which was merged into this one.`,
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
    ])("says so with $what, and has its alerts read as long as other late ones", async ({ seed, said }) => {
      const source = app().services.sentinel.addIncident({ ...seed });
      await post(app(), source);
      await app().settled();
      const { output, texts } = await look(app(), source);
      expect(output.warnings).toEqual([expect.stringContaining(said)]);
      expect(output).not.toHaveProperty("mergedInto");
      expect(texts).toEqual([]);
    });

    it("is enriched where nobody knows the target and alerts are left in it", async () => {
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

function incidentOf({ services }: Enricher, armId: string): { readonly number: unknown } {
  return { number: services.sentinel.incident(armId).properties.incidentNumber };
}

const refOf = (armId: string) => incidentFrom(armId) as IncidentRef;

interface Moment {
  readonly what: string;
  readonly how?: MergeOptions;
  /** Comments that are in the source before anybody can know. */
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
        `incident ${incidentOf(app(), source).number}, which was merged into this one`,
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
      expect(texts.at(-1)).toContain("Includes the alerts of incident");
      const asked = virustotal.requests
        .slice(before)
        .map(({ path }) => path)
        .filter((path) => !path.includes("quota"));
      expect(asked).toHaveLength(new Set(asked).size);
    });

    it("leaves no other verdict in the target than that of all alerts, whoever tagged first", async () => {
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

    it("keeps its comment where nobody knows the target", async () => {
      const source = app().services.sentinel.addIncident(threat);
      const target = app().services.sentinel.addIncident(harmless);
      await post(app(), source, () =>
        when(
          app().services.virustotal,
          () => true,
          () => app().services.sentinel.merge(source, target, { tells: "label" }),
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
      expect(triaged[0]).toContain(
        `This is about incident ${incidentOf(app(), source).number}, which was merged`,
      );
      expect((await look(app(), source)).texts.join()).not.toContain("Confirmed Threat");
      expect(verdictsIn(living.tags)).toEqual(["threat-found"]);
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
      await post(app(), source, () => app().clock.alarm(app().clock.now() + minutes(5), merge));
      await app().settled();
      const { texts, tags } = await look(app(), target);
      expect(texts).toEqual([expect.stringContaining(threatShown)]);
      expect(tags).toEqual(["enriched", "threat-found"]);
    });
  },
);
