import type { Attempt } from "../attempt";
import type { Indicator } from "../indicators/indicator";
import { hourMs } from "../time";
import type { Outcome, Provider } from "./provider";

/** Names a claim to the cache that gave it. */
export interface Ticket {
  readonly row: string;
  readonly etag: string;
}

/** What came of asking for the lookup of one indicator. */
export type Claim =
  /** It is known; nobody has to be asked. */
  | { readonly kind: "known"; readonly outcome: Outcome }
  /**
   * It is this caller's to look up, who settles it; a claim that nobody settles ends after a minute. With a
   * continuation somebody else has begun, and this caller may go on with that.
   */
  | { readonly kind: "claimed"; readonly ticket: Ticket; readonly continuation?: string }
  /** Somebody else is looking it up. */
  | { readonly kind: "busy" };

export interface Settlement {
  readonly ticket: Ticket;
  /** Kept for as long as it is good for; anything else, or none, gives the claim up. */
  readonly outcome: Outcome | undefined;
  /** Without an outcome: what the next one who asks goes on with. */
  readonly continuation?: string | undefined;
}

/**
 * Whose answers they are: a provider's at one address, under the settings that they depend on. Other settings take effect
 * at once, and old answers are there again when the settings are. Without the characters that no key of a table may hold.
 */
export function sourceOf({ id, endpoint, basis }: Pick<Provider, "id" | "endpoint" | "basis">): string {
  const address = endpoint?.replace(/^https?:\/\//, "").replaceAll(/[^\w.:-]/g, "_");
  return [id, address, basis].filter((part) => part !== undefined).join("-");
}

/** Outcomes of lookups by their source, shared by all runs on all instances, and who is looking up what. */
export interface LookupCache {
  /** What is known of each, in the same order; `undefined` where nothing is. */
  recall(
    source: string,
    indicators: readonly Indicator[],
  ): Promise<Attempt<readonly (Outcome | undefined)[]>>;
  /** One claim per indicator, in the same order. `holder` may claim again what it holds, as a repeated step does. */
  claim(source: string, indicators: readonly Indicator[], holder: string): Promise<Attempt<readonly Claim[]>>;
  /** Never fails: a claim that cannot be settled ends by itself, and somebody looks it up again. */
  settle(source: string, settlements: readonly Settlement[]): Promise<void>;
  /** Deletes what has not been good for anything since `before`, epoch milliseconds; tells how much that was. */
  purge(before: number): Promise<Attempt<number>>;
}

/** How long it is kept, in milliseconds; 0 for what says nothing about the indicator. */
export function lifetimeMs({ outcome, continuation }: Omit<Settlement, "ticket">): number {
  if (!outcome) return continuation === undefined ? 0 : hourMs;
  if (outcome.kind === "notKnown") return hourMs;
  if (outcome.kind !== "answered") return 0;
  return (outcome.answer.verdict === "malicious" ? 24 : 12) * hourMs;
}
