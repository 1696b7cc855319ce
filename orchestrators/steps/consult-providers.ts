import type { OrchestrationContext } from "durable-functions";
import { indicatorKey } from "../../domain/indicators/indicator";
import { defined } from "../../domain/json";
import type { Lookup, ReportItem } from "../../domain/report/report";
import { withSharedAnswers } from "../../domain/run/items";
import type { CommentDetail, ProviderPlan, RunSettings } from "../../domain/run/settings";
import { type Branch, child, type Step, settled } from "../durable/call";
import { now } from "../durable/timers";
import { consultInstanceId, orchestratorNames } from "../names";
import {
  consultRound,
  isOpen,
  mostUnpaced,
  type ProviderWork,
  type Query,
  type RoundContext,
} from "./consult-round";

/** Input of the orchestrator `consultProvider`. */
export interface ConsultProviderInput extends RoundContext {
  readonly work: ProviderWork;
  /** No lookup starts after this, epoch milliseconds. */
  readonly deadline: number;
}

export interface ConsultProviderOutput {
  /** Each lookup by the key of its indicator. */
  readonly lookups: LookupsByIndicator;
}

type LookupsByIndicator = Readonly<Record<string, Lookup>>;

/** A phase of a run's lookups. Instants are epoch milliseconds. */
export interface Phase extends RoundContext {
  readonly run: number;
  readonly phase: 1 | 2;
  /** No lookup starts after this. */
  readonly deadline: number;
}

/** How many cards of harmless indicators are kept: as many as a comment may have room for. */
const cardsForHarmless: Readonly<Record<CommentDetail, number>> = { worst: 10, full: 40 };

/** Every provider's open lookups. */
export function openWork(
  providers: readonly ProviderPlan[],
  items: readonly ReportItem[],
  detail: CommentDetail,
): readonly ProviderWork[] {
  return providers.flatMap(({ id, quota, bulkSize }) => {
    const queries = queriesOf(id, items)
      .map(({ indicator, lookup }, position) => ({
        indicator,
        lookup,
        keepCard: position < cardsForHarmless[detail],
      }))
      .filter(isOpen);
    return queries.length > 0 ? [{ provider: { id, quota, ...defined({ bulkSize }) }, queries }] : [];
  });
}

const queriesOf = (providerId: string, items: readonly ReportItem[]) =>
  items.flatMap(({ indicator, lookups: { [providerId]: lookup } }) =>
    lookup ? [{ indicator, lookup }] : [],
  );

/**
 * The first lookups of all providers, in parallel and without a child orchestration; most runs need no others. If a
 * minute's quota may not cover a provider's lookups, its child makes and paces them.
 */
function* consultAtOnce(
  context: OrchestrationContext,
  work: readonly ProviderWork[],
  phase: Phase,
): Step<readonly ProviderWork[]> {
  const unpaced = work.filter(
    ({ provider, queries }) => provider.quota.perMinute === 0 || queries.length <= mostUnpaced,
  );
  let done: readonly ProviderWork[] = unpaced;
  // Usually once: weaker hashes are held back until the stronger ones, which may be of the same file, are answered.
  for (const _algorithm of ["sha256", "sha1", "md5"])
    if (now(context) < phase.deadline) done = yield* consultRound(context, done, phase);
  return done;
}

/** The open lookups: one child per provider, which continues until the deadline. */
export function consultChildren(
  context: OrchestrationContext,
  work: readonly ProviderWork[],
  { run, phase, ...input }: Phase,
): readonly Branch<ConsultProviderOutput>[] {
  return work.map((each) => {
    const id = consultInstanceId(input.incidentId, run, each.provider.id, phase);
    const childInput: ConsultProviderInput = { ...input, work: each };
    return child(context, orchestratorNames.consultProvider, childInput, id);
  });
}

/** Makes the items' open lookups with all providers, until the phase ends. */
export function* consultProviders(
  context: OrchestrationContext,
  { providers, commentDetail }: RunSettings,
  items: readonly ReportItem[],
  phase: Phase,
): Step<readonly ReportItem[]> {
  const present = providers.reduce(withAnswersOfEarlierPhase, items);
  const first = yield* consultAtOnce(context, openWork(providers, present, commentDetail), phase);
  const known = first.reduce(
    (all, { provider, queries }) => withLookups(all, provider.id, lookupsOf(queries)),
    present,
  );
  const rest = openWork(providers, known, commentDetail);
  const outputs = yield* settled(context, consultChildren(context, rest, phase));
  return withOutputs(known, rest, outputs);
}

/** A hash that was added late may belong to a file that already has an answer. */
function withAnswersOfEarlierPhase(
  items: readonly ReportItem[],
  { id }: ProviderPlan,
): readonly ReportItem[] {
  const before = queriesOf(id, items);
  const queries = withSharedAnswers(before);
  // The same array: nothing is shared. This runs again in every replay.
  return queries === before ? items : withLookups(items, id, lookupsOf(queries));
}

/** The lookups by the keys of their indicators. */
export function lookupsOf(queries: readonly Pick<Query, "indicator" | "lookup">[]): LookupsByIndicator {
  return Object.fromEntries(queries.map(({ indicator, lookup }) => [indicatorKey(indicator), lookup]));
}

/** The items with the results of the children; a child that died has none. */
export function withOutputs(
  items: readonly ReportItem[],
  work: readonly ProviderWork[],
  outputs: readonly (ConsultProviderOutput | undefined)[],
): readonly ReportItem[] {
  return work.reduce((all, { provider }, i) => withLookups(all, provider.id, outputs[i]?.lookups), items);
}

function withLookups(
  items: readonly ReportItem[],
  providerId: string,
  lookups: LookupsByIndicator = {},
): readonly ReportItem[] {
  return items.map((item) => {
    const lookup = lookups[indicatorKey(item.indicator)];
    // A provider has a lookup for an item from the beginning, or none at all.
    const isPlanned = item.lookups[providerId] !== undefined;
    return lookup && isPlanned ? { ...item, lookups: { ...item.lookups, [providerId]: lookup } } : item;
  });
}
