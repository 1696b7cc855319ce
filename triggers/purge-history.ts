import type { InvocationContext } from "@azure/functions";
import type { LookupCache } from "../domain/lookups/lookup-cache";
import type { TaskHub } from "../domain/run/task-hub";
import { dayMs } from "../domain/time";

interface PurgeHistoryOptions {
  readonly retentionDays: number;
  readonly toTaskHub: (context: InvocationContext) => TaskHub;
  readonly cache: Pick<LookupCache, "purge">;
}

/** At night, and not on the hour, when most timers fire: 03:17 UTC. */
export const purgeSchedule = "0 17 3 * * *";

/** Days that are purged one by one; everything older is purged in one step, which is small if the purge has run before. */
const singleDays = 7;

/**
 * Deletes orchestrations that have ended and began longer ago than the retention, with their inputs and outputs, and
 * expired answers of the cache.
 * Each step is one bounded request; a step that fails is logged and retried the next night.
 */
export function createPurgeHistory({ retentionDays, toTaskHub, cache }: PurgeHistoryOptions) {
  return async (_timer: unknown, context: InvocationContext): Promise<void> => {
    const hub = toTaskHub(context);
    const keepFrom = Date.now() - retentionDays * dayMs;
    const borders = Array.from({ length: singleDays + 1 }, (_, days) => keepFrom - days * dayMs);
    const steps = borders.map((to, i) => () => hub.purge(borders[i + 1] ?? 0, to));

    const orchestrations = await sumOf(steps, context);
    const lookups = await sumOf([() => purgeCache(cache)], context);
    context.log("Purged the history", { retentionDays, orchestrations, lookups });
  };
}

async function purgeCache(cache: Pick<LookupCache, "purge">): Promise<number> {
  const purged = await cache.purge(Date.now());
  if (purged.kind !== "done") throw new Error(purged.reason);
  return purged.value;
}

async function sumOf(steps: readonly (() => Promise<number>)[], context: InvocationContext): Promise<number> {
  let sum = 0;
  for (const step of steps) {
    try {
      sum += await step();
    } catch (error) {
      context.error("A step of the purge failed", { error: String(error) });
    }
  }
  return sum;
}
