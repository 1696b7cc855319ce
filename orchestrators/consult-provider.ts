import type { OrchestrationContext } from "durable-functions";
import { withSharedAnswers } from "../domain/run/items";
import { call, type Step } from "./durable/call";
import { now, sleepUntil } from "./durable/timers";
import { type ConsultProviderInput, type ConsultProviderOutput, lookupsOf } from "./steps/consult-providers";
import {
  consultRound,
  mostUnpaced,
  nextDueAt,
  type ProviderWork,
  priorityOf,
  type RoundContext,
  requestFor,
} from "./steps/consult-round";

/**
 * One provider's part of a run: rounds of parallel lookups, each at most a minute of the key's quota, repeated as long as
 * the service or the quota requires it. Always ends with one lookup per indicator: an outcome, or open if the deadline
 * came first.
 */
export function* consultProvider(context: OrchestrationContext): Step<ConsultProviderOutput> {
  const input = context.df.getInput<ConsultProviderInput>() as ConsultProviderInput;
  const byPriority = input.work.queries.toSorted((a, b) => priorityOf(a) - priorityOf(b));
  const first = { ...input.work, queries: byPriority };
  let { work, roundSize } = yield* recallAll(context, input, first);
  while (nextDueAt(work) < input.deadline) {
    yield* sleepUntil(context, nextDueAt(work));
    if (now(context) >= input.deadline) break;
    const [after] = yield* consultRound(context, [work], input, roundSize);
    work = after ?? work;
  }
  return { lookups: lookupsOf(work.queries) };
}

/**
 * Answers lookups from the cache before any lookup is paced, and returns the size of a round. If nothing is paced, or
 * there are few lookups, each lookup reads the cache itself.
 */
function* recallAll(
  context: OrchestrationContext,
  { incidentId }: RoundContext,
  work: ProviderWork,
): Step<{ work: ProviderWork; roundSize: number }> {
  const { provider, queries } = work;
  if (provider.quota.perMinute === 0) return { work, roundSize: queries.length };
  if (queries.length <= mostUnpaced) return { work, roundSize: mostUnpaced };
  try {
    const { outcomes, perMinute = mostUnpaced } = yield* call(context, "recall", {
      incidentId,
      providerId: provider.id,
      lookups: queries.map(requestFor),
    });
    const recalled = queries.map((query, i) => ({ ...query, lookup: outcomes[i] ?? query.lookup }));
    return {
      work: { provider, queries: withSharedAnswers(recalled) },
      roundSize: perMinute === 0 ? queries.length : perMinute,
    };
  } catch {
    // The worker died more often than the host repeats the activity: the lookups read the cache themselves.
    return { work, roundSize: mostUnpaced };
  }
}
