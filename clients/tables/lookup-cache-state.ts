import { z } from "zod";
import { jsonFrom } from "../../domain/json";
import type { Outcome } from "../../domain/lookups/provider";
import { relations } from "../../domain/lookups/relation";
import { verdicts } from "../../domain/verdict";

/** Content of a row: the outcome for an indicator, which run is looking it up, and how far that lookup is. */
export interface CacheState {
  readonly outcome?: Outcome;
  readonly owner?: string;
  readonly continuation?: string;
}

/**
 * Raised when the meaning of the cached data changes: how verdicts are derived, or the shape of an outcome. Rows of another
 * version count as absent, so that no answer outlives the rules that made it. Version 1 had no version number.
 */
const version = 2;

const card = z.looseObject({
  sections: z.array(z.looseObject({ title: z.string(), rows: z.array(z.tuple([z.string(), z.string()])) })),
});
const hashes = z.looseObject({
  md5: z.string().optional(),
  sha1: z.string().optional(),
  sha256: z.string().optional(),
});
const link = z.string().startsWith("https://").optional();

/** Only outcomes of these kinds are cached. Their other fields are kept unchanged. */
const outcome = z.discriminatedUnion("kind", [
  z.looseObject({
    kind: z.literal("answered"),
    answer: z.looseObject({
      verdict: z.enum(verdicts),
      reasons: z.array(z.string()),
      summary: z.string(),
      engines: z.looseObject({ malicious: z.number(), suspicious: z.number(), all: z.number() }).optional(),
      link,
      assessedAt: z.number().optional(),
      name: z.string().optional(),
      context: z.string().optional(),
      hashes: hashes.optional(),
      trusted: z.literal(true).optional(),
      weak: z.literal(true).optional(),
      related: z.partialRecord(z.enum(relations), z.string()).optional(),
      card: card.optional(),
    }),
  }),
  z.looseObject({
    kind: z.literal("notKnown"),
    reason: z.string(),
    link,
    hashes: hashes.optional(),
  }),
]);

const stateSchema = z
  .object({
    version: z.literal(version),
    outcome: outcome.optional(),
    owner: z.string().optional(),
    continuation: z.string().optional(),
  })
  .transform(({ version: _version, ...state }) => state as CacheState);

/** `undefined` if this version of the app cannot read it. */
export function cacheStateFrom(text: string): CacheState | undefined {
  return stateSchema.safeParse(jsonFrom(text)).data;
}

export function textOfCacheState(state: CacheState): string {
  return JSON.stringify({ version, ...state });
}
