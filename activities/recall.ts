import { defined } from "../domain/json";
import { sourceOf } from "../domain/lookups/lookup-cache";
import type { Outcome } from "../domain/lookups/provider";
import type { ConsultOutside, LookupRequest } from "./consult";
import { asRead, withoutSurplusCard } from "./consult";
import type { Invocation } from "./invocation";
import { takeSlots } from "./slots";

export interface RecallInput {
  readonly providerId: string;
  readonly incidentId: string;
  readonly lookups: readonly LookupRequest[];
}

export interface RecallOutput {
  /** One per lookup, in the same order; `null` if there is no cached outcome. */
  readonly outcomes: readonly (Outcome | null)[];
  /** Requests per minute that the provider's key allows, 0 for no limit; absent if unknown. */
  readonly perMinute?: number;
}

/**
 * Reads answers from the cache before any lookup is paced, and returns how fast the other lookups may be made. Never
 * throws: whatever it cannot answer is looked up later.
 */
export function createRecall({ providers, cache, ledger }: ConsultOutside) {
  return async (input: RecallInput, { log }: Invocation): Promise<RecallOutput> => {
    const { providerId, incidentId, lookups } = input;
    const provider = providers.find(({ id }) => id === providerId);
    const known =
      provider &&
      (await cache.recall(
        sourceOf(provider),
        lookups.map(({ indicator }) => asRead(provider, indicator)),
      ));
    const outcomes = lookups.map(({ keepCard }, i) => {
      const outcome = known?.kind === "done" ? known.value[i] : undefined;
      return outcome ? withoutSurplusCard(outcome, keepCard) : null;
    });
    const none = { wanted: 0, begun: 0, urgent: false };
    const slots = provider && (await takeSlots(provider, ledger, none));
    const perMinute = slots?.kind === "done" ? slots.value?.perMinute : undefined;
    log("Recalled lookups", {
      incidentId,
      provider: providerId,
      known: outcomes.filter((outcome) => outcome !== null).length,
      of: lookups.length,
    });
    return { outcomes, ...defined({ perMinute }) };
  };
}
