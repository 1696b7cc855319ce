import { z } from "zod";
import { jsonFrom } from "../../domain/json";

/** An entry of the workspace's threat intelligence: the one that counts for its value. All text is untrusted. */
export interface Entry {
  /** As the source writes it. */
  readonly value: string;
  readonly source: unknown;
  /** From 0 to 100; absent where the source gives none. */
  readonly confidence: number | undefined;
  /** Epoch milliseconds; absent where it does not expire. */
  readonly validUntil: number | undefined;
  /** As STIX or the former table names them: "malicious-activity", "Phishing". */
  readonly types: readonly string[];
  readonly description: unknown;
  /** Of the same value, this one included. */
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

/** A JSON list in the table of today, one word in the former one. */
function typesFrom(text: string): readonly string[] {
  const list = z.array(z.string()).safeParse(jsonFrom(text)).data ?? [text];
  return list.filter((type) => type !== "");
}
