import { type Attempt, done } from "../attempt";
import type { Indicator } from "../indicators/indicator";
import { hourMs } from "../time";
import type { Outcome, Provider } from "./provider";

/** Identifies a claim to the cache that granted it. */
export interface ClaimId {
  readonly row: string;
  readonly etag: string;
}

/** What came of asking for the lookup of one indicator. */
export type Claim =
  /** It is known; no lookup is needed. */
  | { readonly kind: "known"; readonly outcome: Outcome }
  /**
   * This caller looks it up and settles the claim; an unsettled claim ends after a minute. With a continuation
   * another run has begun the lookup, and this caller may continue it.
   */
  | { readonly kind: "claimed"; readonly claimId: ClaimId; readonly continuation?: string }
  /** Another run is looking it up. */
  | { readonly kind: "busy" };

export interface Settlement {
  readonly claimId: ClaimId;
  /** Kept for as long as it is valid; anything else, or none, gives the claim up. */
  readonly outcome: Outcome | undefined;
  /** Without an outcome: what the next run to ask continues with. */
  readonly continuation?: string | undefined;
}

/**
 * Whose answers they are: a provider's at one endpoint, under the settings that its verdicts depend on. Changed settings
 * take effect at once, and old answers return with the old settings. Holds no character that a table's key may not.
 */
export function sourceOf({
  id,
  endpoint,
  settingsKey,
}: Pick<Provider, "id" | "endpoint" | "settingsKey">): string {
  const host = endpoint?.replace(/^https?:\/\//, "").replaceAll(/[^\w.:-]/g, "_");
  return [id, host, settingsKey].filter((part) => part !== undefined).join("-");
}

/** Outcomes of lookups by their source, shared by all runs on all instances, and who is looking up what. */
export interface LookupCache {
  /** What is known of each, in the same order; `undefined` where nothing is. */
  recall(
    source: string,
    indicators: readonly Indicator[],
  ): Promise<Attempt<readonly (Outcome | undefined)[]>>;
  /** One claim per indicator, in the same order. `owner` may claim again what it has claimed, as a repeated step does. */
  claim(source: string, indicators: readonly Indicator[], owner: string): Promise<Attempt<readonly Claim[]>>;
  /** Never fails: a claim that cannot be settled ends by itself, and another run looks it up again. */
  settle(source: string, settlements: readonly Settlement[]): Promise<void>;
  /** Deletes the rows that expired before `before`, epoch milliseconds; returns how many. */
  purge(before: number): Promise<Attempt<number>>;
}

/** Of a provider whose answers are not kept: every caller looks everything up. */
export const noLookupCache: LookupCache = {
  recall: async (_source, indicators) => done(indicators.map(() => undefined)),
  claim: async (_source, indicators) =>
    done(indicators.map(() => ({ kind: "claimed", claimId: { row: "", etag: "" } }))),
  settle: async () => {},
  purge: async () => done(0),
};

/** How long it is kept, in milliseconds; 0 for what says nothing about the indicator. */
export function lifetimeMs({ outcome, continuation }: Pick<Settlement, "outcome" | "continuation">): number {
  if (!outcome) return continuation === undefined ? 0 : hourMs;
  if (outcome.kind === "notKnown") return hourMs;
  if (outcome.kind !== "answered") return 0;
  return (outcome.answer.verdict === "malicious" ? 24 : 12) * hourMs;
}
