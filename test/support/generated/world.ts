import { offerTriage } from "../../../activities/deliver-triage";
import type { Activities } from "../../../activities/index";
import { watchEntities } from "../../../activities/start-run";
import { incidentFrom } from "../../../clients/sentinel/arm-id";
import type { Attempt } from "../../../domain/attempt";
import { type Indicator, indicatorKey } from "../../../domain/indicators/indicator";
import { defined } from "../../../domain/json";
import type { Consultation, Outcome } from "../../../domain/lookups/provider";
import { type ContextReading, withoutContext } from "../../../domain/report/context";
import type { RunReport } from "../../../domain/report/report";
import { replaceTags } from "../../../domain/report/tags";
import { type AlertReading, deliveryIdOf } from "../../../domain/report/triage";
import { startNextRun } from "../../../domain/run/next-run";
import type { DeliveryInput } from "../../../domain/run/run";
import type { TaskHub } from "../../../domain/run/task-hub";
import { answered, triage } from "../reports";
import { incidentArmId } from "../requests";
import type { LookupScript, Script, Trouble } from "./script";

export const activityNames = [
  "fetchIncident",
  "submitAlert",
  "consult",
  "readContext",
  "recall",
  "readAlert",
  "findIncident",
  "offerTriage",
  "watchEntities",
  "startRun",
  "postComment",
  "postAddendum",
  "tagIncident",
  "startResults",
] as const satisfies readonly (keyof Activities)[];

type Name = (typeof activityNames)[number];
type Input<N extends Name> = Parameters<Activities[N]>[0];
/** Activities that may go wrong; runs and deliveries each tag for themselves. */
export type Step = Exclude<Name, "tagIncident" | "startResults"> | "fetchAgain" | "tagRun" | "tagTriage";
type Fakes = { readonly [N in Name]: (input: Input<N>) => unknown };

export interface Comment {
  readonly report: RunReport;
  /** What a provider had said last about an indicator when the comment was written, by `lookupKey`. */
  readonly given: ReadonlyMap<string, Consultation>;
}

/** The outside of one run, as scripted, and what the run did to it. */
export interface World {
  readonly activities: Fakes;
  /** Comments of the latest run by their part. */
  readonly comments: ReadonlyMap<RunReport["part"], Comment>;
  /** Delivery ids of all comments, addenda included. */
  readonly reported: readonly string[];
  /** Parts of the latest run whose rows were sent off. */
  readonly sentParts: ReadonlySet<RunReport["part"]>;
  /** Tags as set last. */
  readonly tags: readonly string[];
  /** What a step answered last. */
  readonly last: ReadonlyMap<Step, string>;
  /** When the incident was read last, epoch milliseconds. */
  readonly readAt: number;
}

export const alert = triage("confirmed_threat");
export const deliveryId = deliveryIdOf(alert);

export const lookupKey = (providerId: string, indicator: Indicator) => `${providerId} ${indicator.value}`;

function indicatorsOf({ kinds, added }: Script): readonly Indicator[] {
  return [...kinds, ...added].map((kind, i) => ({ kind, value: `${kind}-${i}` }));
}

export function createWorld(script: Script, hub: TaskHub, now: () => number): World {
  const indicators = indicatorsOf(script);
  const early = indicators.slice(0, script.kinds.length);
  const given = new Map<string, Consultation>();
  const comments = new Map<RunReport["part"], Comment>();
  const sentParts = new Set<RunReport["part"]>();
  const reported: string[] = [];
  const last = new Map<Step, string>();
  let tags: readonly string[] = [];
  let readAt = 0;
  let starts = 0;
  const invocation = { log: () => {}, hub };

  /** An activity with troubles before it works. */
  const troubled = <I, T extends string>(
    name: Step,
    troubles: readonly T[],
    work: (input: I, trouble: Exclude<T, Trouble> | undefined) => unknown,
  ) => {
    const left = [...troubles];
    return (input: I): unknown => {
      const trouble = left.shift();
      last.set(name, trouble ?? "worked");
      if (trouble === "throws") throw new Error("the worker has died");
      if (trouble === "again") return { kind: "again", reason: "not now" };
      if (trouble === "refused") return { kind: "refused", reason: "not allowed" };
      return work(input, trouble as Exclude<T, Trouble> | undefined);
    };
  };

  const tag = (input: Input<"tagIncident">, conflict?: "conflict") => {
    if (conflict) return done(conflict);
    tags = replaceTags(tags, input.tags, input.rule);
    return done(tags);
  };
  const tagRun = troubled("tagRun", script.tag, tag);
  const tagTriage = troubled("tagTriage", script.tag, tag);
  const incident = { number: 1, isUrgent: true, commentsCount: 0 };
  const beginRun = () => {
    given.clear();
    comments.clear();
    sentParts.clear();
  };
  /** The added indicators are in the incident from the second reading on. */
  let hasGrown = false;
  const fetchFirst = troubled("fetchIncident", script.fetch, (_input: Input<"fetchIncident">, empty) => {
    beginRun();
    readAt = now();
    return done({
      incident,
      indicators: empty ? [] : hasGrown ? indicators : early,
      leftOut: [],
      hasMail: false,
    });
  });
  const fetchAgain = troubled("fetchAgain", script.fetchAgain, (_input: Input<"fetchIncident">) => {
    readAt = now();
    hasGrown = true;
    return done({ incident, indicators, leftOut: [], hasMail: false });
  });
  const contextTroubles = [...script.context];
  let readings = 0;
  const carries = (id: string) => reported.includes(id);

  return {
    comments,
    sentParts,
    reported,
    last,
    get tags() {
      return tags;
    },
    get readAt() {
      return readAt;
    },
    activities: {
      fetchIncident: (input) => (input.later ? fetchAgain : fetchFirst)(input),
      consult: createConsult(script, indicators, given),
      readContext: (input) => {
        const trouble = contextTroubles.shift();
        if (trouble === "throws") throw new Error("the worker has died");
        return contextReading(input, trouble ? undefined : ++readings);
      },
      submitAlert: troubled("submitAlert", script.submit, async ({ incident, run, poll, dryRun }) => {
        const { alertId } = alert;
        const delivery: DeliveryInput = { source: "poll", alertId, incident, run, until: poll.until, dryRun };
        await hub.start(poll.orchestrator, poll.instanceId, delivery);
        return done({ alertId });
      }),
      recall: () => ({ outcomes: [] }),
      findIncident: () => ({ kind: "refused", reason: "not asked here" }),
      readAlert: troubled(
        "readAlert",
        script.read,
        (_input, state): Attempt<AlertReading> =>
          done(
            state
              ? { kind: state }
              : { kind: "triaged", triage: alert, ...defined({ incident: incidentFrom(incidentArmId) }) },
          ),
      ),
      startRun: ({ target, start }) =>
        startNextRun(hub, target, start, { now: now(), startId: String(++starts) }),
      offerTriage: (input) => offerTriage(input, invocation),
      watchEntities: (input) => watchEntities(input, invocation),
      postComment: troubled("postComment", script.post, ({ report }) => {
        const isNew = !comments.has(report.part);
        comments.set(report.part, { report, given: new Map(given) });
        if (isNew && report.part === "first" && report.triage.kind === "taken")
          reported.push(report.triage.deliveryId);
        return done({ commentId: report.part });
      }),
      postAddendum: troubled("postAddendum", script.post, (input) => {
        const isThere = carries(input.deliveryId);
        if (!isThere) reported.push(input.deliveryId);
        return done({ answer: isThere ? "alreadyThere" : "written" });
      }),
      startResults: ({ of }) => {
        if ("report" in of) sentParts.add(of.report.part);
        return { answer: "started" };
      },
      tagIncident: (input) =>
        (input.rule === "raise" || input.rule === "complete" ? tagTriage : tagRun)(input),
    },
  };
}

/** Each indicator seen on as many devices as there were readings; put off without a number. */
function contextReading(
  { indicators, parts, days }: Input<"readContext">,
  serial: number | undefined,
): ContextReading {
  if (serial === undefined) {
    const gap = { kind: "failed", reason: "not now" } as const;
    return { context: withoutContext({ parts, days }, gap), retry: { parts, afterSeconds: 3 } };
  }
  const at = { first: 0, last: 0 };
  const sightings = [
    { log: "devices", entities: serial, reached: serial, events: serial, blocked: 0, ...at },
  ] as const;
  const asked = indicators.filter(({ kind }) => parts.includes(kind));
  return {
    context: {
      days,
      gaps: [],
      logs: Object.fromEntries(asked.map(({ kind }) => [kind, ["devices"] as const])),
      indicators: Object.fromEntries(asked.map((each) => [indicatorKey(each), { sightings }])),
    },
  };
}

const done = <T>(value: T): { kind: "done"; value: T } => ({ kind: "done", value });

/** Answers are numbered, so that each differs from every other. */
function createConsult(
  script: Script,
  indicators: readonly Indicator[],
  given: Map<string, Consultation>,
): Fakes["consult"] {
  const left = new Map(
    script.providers.flatMap(({ id, lookups }) =>
      indicators.map(
        (indicator, i) =>
          [lookupKey(id, indicator), [...(lookups[i]?.before ?? [])]] as [
            string,
            LookupScript["before"][number][],
          ],
      ),
    ),
  );
  const calls = new Map<string, number>();
  let serial = 0;
  return ({ providerId, batch }) => {
    const provider = script.providers.find(({ id }) => id === providerId);
    const call = calls.get(providerId) ?? 0;
    calls.set(providerId, call + 1);
    if (provider?.crashes.includes(call)) {
      for (const { indicator } of batch) given.delete(lookupKey(providerId, indicator));
      throw new Error("the worker has died");
    }
    const consultations = batch.map(({ indicator }): Consultation => {
      const key = lookupKey(providerId, indicator);
      const position = indicators.findIndex(({ value }) => value === indicator.value);
      const end = provider?.lookups[position]?.end ?? "never";
      const id = `${key} #${++serial}`;
      const consultation = consultationOf(left.get(key)?.shift() ?? end, id);
      given.set(key, consultation);
      return consultation;
    });
    return { consultations };
  };
}

const outcomes: Readonly<Record<string, (id: string) => Outcome>> = {
  malicious: (id) => answered("malicious", { summary: id }),
  clean: (id) => answered("clean", { summary: id }),
  notKnown: (reason) => ({ kind: "notKnown", reason }),
  failed: (reason) => ({ kind: "failed", reason }),
  rejected: (reason) => ({ kind: "notChecked", cause: "key", reason }),
};

function consultationOf(
  step: LookupScript["end"] | LookupScript["before"][number],
  id: string,
): Consultation {
  const outcome = outcomes[step];
  if (outcome) return { kind: "final", outcome: outcome(id) };
  const cause = step === "quota" || step === "fault" ? step : "pending";
  return { kind: "again", cause, afterSeconds: 40, reason: id, continuation: id };
}
