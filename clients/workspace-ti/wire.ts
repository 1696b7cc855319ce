import { z } from "zod";
import { jsonFrom } from "../../domain/json";

/** The entry of the workspace's threat intelligence that counts for its value. All text is untrusted. */
export interface Entry {
  /** In the source's spelling. */
  readonly value: string;
  readonly source: unknown;
  /** From 0 to 100; absent if the source gives none. */
  readonly confidence: number | undefined;
  /** Epoch milliseconds; absent if it does not expire. */
  readonly validUntil: number | undefined;
  /** In the words of STIX or of the former table: "malicious-activity", "Phishing". */
  readonly types: readonly string[];
  readonly description: unknown;
  /** Number of entries with the same value, including this one. */
  readonly entries: number;
}

const row = z.object({
  Value: z.string().min(1),
  Source: z.unknown(),
  Confidence: z.number().min(0).max(100).optional().catch(undefined),
  ValidUntil: z.string().optional().catch(undefined),
  Types: z.string().catch(""),
  Description: z.unknown(),
  Entries: z.number().catch(1),
});

/** `undefined` for a row of another shape. */
export function entryFrom(cells: Readonly<Record<string, unknown>>): Entry | undefined {
  const read = row.safeParse(cells).data;
  if (!read) return undefined;
  return {
    value: read.Value,
    source: read.Source,
    confidence: read.Confidence,
    validUntil: Date.parse(read.ValidUntil ?? "") || undefined,
    types: typesFrom(read.Types),
    description: read.Description,
    entries: read.Entries,
  };
}

/** A JSON list in the current table, one word in the former one. */
function typesFrom(text: string): readonly string[] {
  const list = z.array(z.string()).safeParse(jsonFrom(text)).data ?? [text];
  return list.filter((type) => type !== "");
}
