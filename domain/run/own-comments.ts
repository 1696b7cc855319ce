import { v5 } from "uuid";
import type { IncidentRef } from "../incident/incident";

/** Namespace of our comment ids. If it changed, a repeated write would make a second comment. */
const namespace = "5b1f6c1e-3c54-4a5c-9f0b-5d9a7c1f3e21";

/**
 * The id of a comment. It is derived rather than random, so that a repeated write finds the first comment. `key` is the
 * run for a run's comments, and the delivery id for an addendum.
 */
export function commentIdFor(
  ref: IncidentRef,
  key: string | number,
  part: "first" | "update" | "addendum",
): string {
  return v5(`${ref.scope}/${ref.incidentId}/${key}/${part}`, namespace);
}

/** The mark by which a triage delivery is recognised in a comment. Hexadecimal digits survive every encoding. */
export function deliveryMark(deliveryId: string): string {
  return `delivery ${deliveryId}`;
}

/** The app's name in the footer of each comment. */
export const product = "Sentinel Incident Enricher";
