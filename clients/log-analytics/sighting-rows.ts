import { z } from "zod";
import { logKinds, type Sighting } from "../../domain/report/context";
import type { LogRow } from "./query";

const instant = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number());
const count = z.number().int().nonnegative();

const rowSchema = z.object({
  Log: z.enum(logKinds),
  Value: z.string().nullish(),
  Entities: count,
  Reached: count,
  Events: count,
  Blocked: count,
  First: instant,
  Last: instant,
});

/** A row of the sighting queries; a row without a value says that there are logs of this kind. */
export type SightingRow =
  | { readonly log: Sighting["log"] }
  | { readonly value: string; readonly sighting: Sighting };

/** `undefined` if the row does not have the queries' shape. */
export function sightingRowFrom(row: LogRow): SightingRow | undefined {
  const { data } = rowSchema.safeParse(row);
  if (!data) return undefined;
  const { Log: log, Value: value, Entities: entities, Reached: reached, Events: events } = data;
  if (!value) return { log };
  const { Blocked: blocked, First: first, Last: last } = data;
  return { value, sighting: { log, entities, reached, events, blocked, first, last } };
}
