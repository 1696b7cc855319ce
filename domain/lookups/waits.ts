import type { Consultation } from "./provider";
import type { Wait } from "./quota";

/** Pauses that a service asked for in answers that arrived at `at` (epoch milliseconds). */
export function pausesIn(consultations: readonly Consultation[], at: number): readonly Wait[] {
  return consultations.flatMap((each) =>
    each.kind === "again" && each.cause === "quota"
      ? [{ freeAt: at + each.afterSeconds * 1000, reason: each.reason }]
      : [],
  );
}

/** Until when an account accepts nothing new, according to the answers. */
export function closuresIn(consultations: readonly Consultation[]): readonly Wait[] {
  return consultations.flatMap((each) => {
    if (each.kind !== "final" || each.outcome.kind !== "notChecked" || each.outcome.cause !== "quota")
      return [];
    const { possibleAt, reason } = each.outcome;
    return possibleAt === undefined ? [] : [{ freeAt: possibleAt, reason }];
  });
}

/** The wait that ends last. */
export function longest(waits: readonly Wait[]): Wait | undefined {
  return waits.toSorted((a, b) => b.freeAt - a.freeAt)[0];
}
