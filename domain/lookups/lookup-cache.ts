import { type Attempt, done } from "../attempt";
import type { Indicator } from "../indicators/indicator";
import { hourMs } from "../time";
import type { Outcome, Provider } from "./provider";

/** Identifies a claim to the cache that granted it. */
export interface ClaimId {
  readonly row: string;
  readonly etag: string;
}

/** The cache's answer to a claim on the lookup of one indicator. */
export type Claim =
  /** The outcome is cached; no lookup is needed. */
  | { readonly kind: "known"; readonly outcome: Outcome }
  /**
   * The caller looks it up and settles the claim; an unsettled claim expires after a minute. `continuation`: another run
   * has begun the lookup, and this caller may continue it.
   */
  | { readonly kind: "claimed"; readonly claimId: ClaimId; readonly continuation?: string }
  /** Another run is looking it up. */
  | { readonly kind: "busy" };

export interface Settlement {
  readonly claimId: ClaimId;
  /** Cached as long as it is valid; an outcome that cannot be cached, or none, only releases the claim. */
  readonly outcome: Outcome | undefined;
  /** Without an outcome: where the next run continues. */
  readonly continuation?: string | undefined;
}

/**
 * Identifies the source of answers: a provider at one endpoint, with the settings that its verdicts depend on. Changed
 * settings take effect at once, and the old answers return with the old settings. Contains only characters that are
 * allowed in a table's key.
 */
export function sourceOf({
  id,
  endpoint,
  settingsKey,
}: Pick<Provider, "id" | "endpoint" | "settingsKey">): string {
  const host = endpoint?.replace(/^https?:\/\//, "").replaceAll(/[^\w.:-]/g, "_");
  return [id, host, settingsKey].filter((part) => part !== undefined).join("-");
}

/** Outcomes of lookups by source, shared by all runs on all instances, and claims on lookups in progress. */
export interface LookupCache {
  /** The cached outcome of each indicator, in the same order; `undefined` where there is none. */
  recall(
    source: string,
    indicators: readonly Indicator[],
  ): Promise<Attempt<readonly (Outcome | undefined)[]>>;
  /** One claim per indicator, in the same order. `owner` may claim the same lookup again, since steps are repeated. */
  claim(source: string, indicators: readonly Indicator[], owner: string): Promise<Attempt<readonly Claim[]>>;
  /** Never fails: a claim that cannot be settled expires, and another run looks the indicator up again. */
  settle(source: string, settlements: readonly Settlement[]): Promise<void>;
  /** Deletes the rows that expired before `before`, epoch milliseconds; returns how many. */
  purge(before: number): Promise<Attempt<number>>;
}

/** For a provider whose answers are not cached: every caller looks everything up. */
export const noLookupCache: LookupCache = {
  recall: async (_source, indicators) => done(indicators.map(() => undefined)),
  claim: async (_source, indicators) =>
    done(indicators.map(() => ({ kind: "claimed", claimId: { row: "", etag: "" } }))),
  settle: async () => {},
  purge: async () => done(0),
};

/** How long it is cached, in milliseconds; 0 for an outcome that says nothing about the indicator. */
export function lifetimeMs({ outcome, continuation }: Pick<Settlement, "outcome" | "continuation">): number {
  if (!outcome) return continuation === undefined ? 0 : hourMs;
  if (outcome.kind === "notKnown") return hourMs;
  if (outcome.kind !== "answered") return 0;
  return (outcome.answer.verdict === "malicious" ? 24 : 12) * hourMs;
}
