import type { IncidentSeed } from "../../local/simulators/sentinel-incidents";
import type { Enricher } from "./enricher";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const onlyHere = "quarters of an hour pass in it";
/** Everything open is enriched, and a run is short. */
export const all = { RECONCILE: "all", INTEZER_FILES: "false" };

/** So long that at least one pass of reconciliation is made, and the runs it starts have ended. */
export async function passed({ clock, settled }: Enricher, ms = 16 * minuteMs): Promise<void> {
  await new Promise<void>((rung) => void clock.alarm(clock.now() + ms, rung));
  await settled();
}

/** Incidents that no trigger brings to the app. */
export function raise(
  { services }: Enricher,
  count: number,
  seedOf: (i: number) => IncidentSeed,
): readonly string[] {
  return Array.from({ length: count }, (_, i) => services.sentinel.addIncident(seedOf(i)));
}

export function commentsOf({ services }: Enricher, armIds: readonly string[]): readonly number[] {
  return armIds.map((armId) => services.sentinel.incident(armId).comments.length);
}

/** Until a minute after the next pass: the one after that is 14 minutes away then. */
export function untilAfterPass({ clock }: Enricher): number {
  const quarterMs = 15 * minuteMs;
  return quarterMs - (clock.now() % quarterMs) + minuteMs;
}
