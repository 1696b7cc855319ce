import type { OrchestrationContext } from "durable-functions";
import type { ConsultOutput, LookupRequest } from "../activities/consult";
import { type Indicator, indicatorKinds } from "../domain/indicators/indicator";
import type { Consultation } from "../domain/lookups/provider";
import type { Wait } from "../domain/lookups/quota";
import { longest, pausesIn } from "../domain/lookups/waits";
import type { Lookup, OpenLookup } from "../domain/report/report";
import type { CommentDetail } from "../domain/run/settings";
import { branch, call, type Step, settled } from "./durable/call";
import { now, sleepUntil } from "./durable/clock";
import type { ConsultProviderInput, ConsultProviderOutput } from "./steps/shares";

/** One indicator on its way to an outcome. */
interface Item {
  readonly indicator: Indicator;
  readonly keepCard: boolean;
  continuation: string | undefined;
  /** Epoch milliseconds. */
  dueAt: number;
  faults: number;
  lookup: Lookup;
}

const batchSize = 8;
/** As many as a comment has room for, where it shows them. */
const cardsForHarmless: Readonly<Record<CommentDetail, number>> = { worst: 10, full: 40 };
const faultWaitsSeconds = [5, 20, 60];

/**
 * One provider's share of a run: rounds of lookups side by side, at most a minute's worth of the key's quota each,
 * repeated while the service or the quota asks for it. Always ends with one lookup per indicator: an outcome, or open
 * when the deadline came first.
 */
export function* consultProvider(context: OrchestrationContext): Step<ConsultProviderOutput> {
  const input = context.df.getInput<ConsultProviderInput>() as ConsultProviderInput;
  const items = input.indicators.map(
    ({ indicator, continuation }, position): Item => ({
      indicator,
      keepCard: position < cardsForHarmless[input.detail],
      continuation,
      dueAt: 0,
      faults: 0,
      lookup: { kind: "open", cause: "quota", reason: "not asked yet" },
    }),
  );
  const byWorth = items.toSorted((a, b) => worth(a) - worth(b));
  const roundSize = yield* recallAll(context, input, byWorth);

  for (;;) {
    const open = byWorth.filter(isOpen);
    const next = Math.min(...open.map(({ dueAt }) => dueAt));
    if (open.length === 0 || next >= input.deadline) break;
    yield* sleepUntil(context, next);
    if (now(context) >= input.deadline) break;
    const due = open.filter(({ dueAt }) => dueAt <= now(context)).slice(0, roundSize);
    const { consultations, wait } = yield* consultAll(context, input, due);
    const at = now(context);
    for (const [i, item] of due.entries()) settle(item, consultations[i] ?? unanswered, at);
    spreadRejection(items, due);
    spreadWait(items, longest([...pausesIn(consultations, at), ...(wait ? [wait] : [])]), input.until);
  }
  return { lookups: items.map(({ lookup }) => lookup) };
}

const worth = ({ indicator }: Item) => indicatorKinds.indexOf(indicator.kind);

/**
 * Before anything is paced: what the cache knows is answered. Tells how many lookups make a round. Where nothing is
 * paced, or one batch holds everything, the lookups themselves ask the cache.
 */
function* recallAll(
  context: OrchestrationContext,
  { incidentId, provider }: ConsultProviderInput,
  items: readonly Item[],
): Step<number> {
  if (provider.quota.perMinute === 0) return items.length;
  if (items.length <= batchSize) return batchSize;
  try {
    const { outcomes, perMinute = batchSize } = yield* call(context, "recall", {
      incidentId,
      providerId: provider.id,
      lookups: items.map(requestFor),
    });
    for (const [i, item] of items.entries()) item.lookup = outcomes[i] ?? item.lookup;
    return perMinute === 0 ? items.length : perMinute;
  } catch {
    // The worker died under it more often than the host repeats it: the lookups ask the cache themselves.
    return batchSize;
  }
}

const requestFor = ({ indicator, continuation, keepCard }: Item): LookupRequest => ({
  indicator,
  keepCard,
  ...(continuation === undefined ? {} : { continuation }),
});

const unanswered: Consultation = {
  kind: "again",
  cause: "fault",
  afterSeconds: 5,
  reason: "the lookup ended without an answer",
};

function* consultAll(
  context: OrchestrationContext,
  { incidentId, provider, urgent }: ConsultProviderInput,
  due: readonly Item[],
): Step<ConsultOutput> {
  const batches = Array.from({ length: Math.ceil(due.length / batchSize) }, (_, i) =>
    due.slice(i * batchSize, (i + 1) * batchSize),
  );
  const tasks = batches.map((batch) =>
    branch(context, "consult", { providerId: provider.id, incidentId, urgent, batch: batch.map(requestFor) }),
  );
  const outputs = (yield* settled(context, tasks)) as readonly (ConsultOutput | undefined)[];
  const wait = longest(outputs.flatMap((output) => output?.wait ?? []));
  // Without output its worker died: as good as no answer from the service.
  const consultations = batches.flatMap(
    (batch, i) => outputs[i]?.consultations ?? batch.map(() => unanswered),
  );
  return { consultations, ...(wait ? { wait } : {}) };
}

/** Notes what came of one lookup. */
function settle(item: Item, consultation: Consultation, at: number): void {
  if (consultation.kind === "final") {
    item.lookup = consultation.outcome;
    return;
  }
  const { cause, reason, continuation } = consultation;
  const wait = cause === "fault" ? faultWaitsSeconds[item.faults++] : consultation.afterSeconds;
  item.continuation = continuation ?? item.continuation;
  item.lookup = wait === undefined ? { kind: "failed", reason } : openWith(item, cause, reason);
  item.dueAt = at + Math.max(wait ?? 0, cause === "fault" ? consultation.afterSeconds : 0) * 1000;
}

function openWith(item: Item, cause: OpenLookup["cause"], reason: string): OpenLookup {
  return {
    kind: "open",
    cause,
    reason,
    ...(item.continuation === undefined ? {} : { continuation: item.continuation }),
  };
}

/** A rejected key ends the provider for the run. */
function spreadRejection(items: readonly Item[], due: readonly Item[]): void {
  const rejection = due.map(({ lookup }) => lookup).find((l) => l.kind === "notChecked" && l.cause === "key");
  if (!rejection) return;
  for (const item of items.filter(isOpen)) item.lookup = rejection;
}

/** Spent quota makes all lookups wait; what cannot be made in this run any more is told when it could. */
function spreadWait(items: readonly Item[], wait: Wait | undefined, until: number): void {
  if (!wait) return;
  const { freeAt, reason } = wait;
  for (const item of items.filter(isOpen)) {
    item.dueAt = Math.max(item.dueAt, freeAt);
    if (freeAt >= until) item.lookup = { kind: "notChecked", cause: "quota", reason, possibleAt: freeAt };
    else if (item.continuation === undefined) item.lookup = openWith(item, "quota", reason);
  }
}

const isOpen = ({ lookup }: Item) => lookup.kind === "open";
