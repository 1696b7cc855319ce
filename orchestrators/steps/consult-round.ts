import type { OrchestrationContext } from "durable-functions";
import type { LookupRequest } from "../../activities/consult";
import { type Indicator, indicatorKinds } from "../../domain/indicators/indicator";
import { defined } from "../../domain/json";
import { type Consultation, type Outcome, pausesIn } from "../../domain/lookups/provider";
import { longest, type Wait } from "../../domain/lookups/quota";
import type { Lookup, OpenLookup } from "../../domain/report/report";
import { withSharedAnswers } from "../../domain/run/items";
import type { ProviderPlan } from "../../domain/run/settings";
import { branch, type Step, settled } from "../durable/call";
import { now } from "../durable/timers";
import { faultWaits } from "../waits";

/** One provider's lookups of a run. */
export interface ProviderWork {
  readonly provider: Pick<ProviderPlan, "id" | "quota" | "bulkSize">;
  readonly queries: readonly Query[];
}

/** One lookup on its way to an outcome. */
export interface Query {
  readonly indicator: Indicator;
  /** Keep the details, even if the indicator is harmless. */
  readonly keepCard: boolean;
  readonly lookup: Lookup;
}

/** What all rounds of a run have in common. */
export interface RoundContext {
  readonly incidentId: string;
  /** Scope of the incident's workspace. */
  readonly scope: string;
  /** May use the reserved part of the day's quota. */
  readonly urgent: boolean;
  /** Deadline of the whole run, epoch milliseconds: quota that becomes free later is of no use. */
  readonly until: number;
}

/** Lookups that one activity makes in parallel: on a real host the messages for an activity take 30 to 40 ms. */
const batchSize = 32;

/** This many lookups are made at once, whatever the quota per minute: those that it does not cover wait individually. */
export const mostUnpaced = 8;

export const isOpen = (query: Query): query is OpenQuery => query.lookup.kind === "open";

/** When the provider's next lookup is due, epoch milliseconds; infinite when none is open. */
export function nextDueAt({ provider, queries }: ProviderWork): number {
  return Math.min(...askable(provider, queries).map(({ lookup }) => lookup.dueAt));
}

/** Makes the due lookups of all providers in parallel, at most `roundSize` per provider. */
export function* consultRound(
  context: OrchestrationContext,
  work: readonly ProviderWork[],
  { incidentId, scope, urgent, until }: RoundContext,
  roundSize = Number.POSITIVE_INFINITY,
): Step<readonly ProviderWork[]> {
  const startedAt = now(context);
  const batches = work.flatMap(({ provider, queries }) =>
    inBatches(dueAt(provider, queries, startedAt).slice(0, roundSize), provider.bulkSize).map((batch) => ({
      provider,
      batch,
    })),
  );
  const outputs = yield* settled(
    context,
    batches.map(({ provider, batch }) =>
      branch(context, "consult", {
        providerId: provider.id,
        incidentId,
        scope,
        urgent,
        batch: batch.map(requestFor),
      }),
    ),
  );
  const at = now(context);
  return work.map(({ provider, queries }) => {
    const results = batches.flatMap((sent, i) =>
      sent.provider === provider ? [{ sent, output: outputs[i] }] : [],
    );
    const consultations = new Map(
      results.flatMap(({ sent, output }) =>
        // Without output its worker died, which counts as no answer from the service.
        sent.batch.map((query, i) => [query, output?.consultations[i] ?? unanswered] as const),
      ),
    );
    const waits = [
      ...results.flatMap(({ output }) => output?.wait ?? []),
      ...pausesIn([...consultations.values()], at),
    ];
    return { provider, queries: afterRound(queries, consultations, at, longest(waits), until) };
  });
}

/** Worst kinds first. */
function dueAt(
  provider: ProviderWork["provider"],
  queries: readonly Query[],
  at: number,
): readonly OpenQuery[] {
  return askable(provider, queries)
    .filter(({ lookup }) => lookup.dueAt <= at)
    .toSorted((a, b) => priorityOf(a) - priorityOf(b));
}

/**
 * The open lookups, without the weaker ones of hashes that may be one file: the answer to the strongest names the others,
 * however long it takes. A bulk lookup has room for all.
 */
function askable({ bulkSize }: ProviderWork["provider"], queries: readonly Query[]): readonly OpenQuery[] {
  const open = queries.filter(isOpen);
  if (bulkSize !== undefined) return open;
  const strongest = Math.max(...open.filter(isUnaskedFile).map(({ indicator }) => indicator.value.length));
  return open.filter((query) => !isUnaskedFile(query) || query.indicator.value.length === strongest);
}

type OpenQuery = Query & { readonly lookup: OpenLookup };

/** Whether it is a file that has not been looked up, whether it waits for quota or for another run's lookup. */
function isUnaskedFile({ indicator, lookup }: OpenQuery): boolean {
  return indicator.kind === "file" && lookup.faults === 0 && lookup.continuation === undefined;
}

export const priorityOf = ({ indicator }: Query) => indicatorKinds.indexOf(indicator.kind);

function inBatches(queries: readonly Query[], size = batchSize): readonly (readonly Query[])[] {
  return Array.from({ length: Math.ceil(queries.length / size) }, (_, i) =>
    queries.slice(i * size, (i + 1) * size),
  );
}

export function requestFor({ indicator, keepCard, lookup }: Query): LookupRequest {
  const continuation = lookup.kind === "open" ? lookup.continuation : undefined;
  return { indicator, keepCard, ...defined({ continuation }) };
}

const unanswered: Consultation = {
  kind: "again",
  cause: "fault",
  afterSeconds: 5,
  reason: "the lookup ended without an answer",
};

function afterRound(
  queries: readonly Query[],
  consultations: ReadonlyMap<Query, Consultation>,
  at: number,
  wait: Wait | undefined,
  until: number,
): readonly Query[] {
  const settledQueries = queries.map((query) => {
    const consultation = consultations.get(query);
    return consultation ? { ...query, lookup: afterConsultation(query.lookup, consultation, at) } : query;
  });
  const rejection = settledQueries.find(
    (query, i) => query !== queries[i] && query.lookup.kind === "notChecked" && query.lookup.cause === "key",
  );
  return withSharedAnswers(settledQueries).map((query) => {
    if (!isOpen(query)) return query;
    // A rejected key ends the provider for the run.
    if (rejection) return { ...query, lookup: rejection.lookup };
    return wait ? { ...query, lookup: afterWait(query.lookup, wait, until) } : query;
  });
}

function afterConsultation(lookup: Lookup, consultation: Consultation, at: number): Lookup {
  const open = lookup.kind === "open" ? lookup : undefined;
  if (consultation.kind === "final") return afterFault(open, consultation.outcome);
  const { cause, reason, afterSeconds, continuation = open?.continuation } = consultation;
  const faults = open?.faults ?? 0;
  const faultWait = faultWaits[faults];
  if (cause === "fault" && faultWait === undefined) return { kind: "failed", reason };
  const wait = cause === "fault" ? Math.max(faultWait ?? 0, afterSeconds) : afterSeconds;
  const isSpentByRetries = cause === "quota" && open?.cause === "fault";
  return {
    kind: "open",
    ...(isSpentByRetries ? { cause: "fault", reason: open.reason } : { cause, reason }),
    ...defined({ continuation }),
    dueAt: at + Math.max(wait, 0) * 1000,
    faults: cause === "fault" ? faults + 1 : faults,
  };
}

/** The reason for a failed lookup is its fault, not the quota that its own retries have spent. */
function afterFault(open: OpenLookup | undefined, outcome: Outcome): Outcome {
  const isSpent = outcome.kind === "notChecked" && (outcome.cause === "quota" || outcome.cause === "budget");
  return open?.cause === "fault" && isSpent ? { kind: "failed", reason: open.reason } : outcome;
}

/** A spent quota makes all lookups wait; a lookup that this run can no longer make says when it will be possible. */
function afterWait(lookup: OpenLookup, { freeAt, reason }: Wait, until: number): Lookup {
  const isFaulty = lookup.cause === "fault";
  if (freeAt >= until)
    return isFaulty
      ? { kind: "failed", reason: lookup.reason }
      : { kind: "notChecked", cause: "quota", reason, possibleAt: freeAt };
  const dueAt = Math.max(lookup.dueAt, freeAt);
  // A lookup that has begun waits for the service, not for the quota; after a fault, the fault remains the cause.
  return lookup.continuation === undefined && !isFaulty
    ? { ...lookup, cause: "quota", reason, dueAt }
    : { ...lookup, dueAt };
}
