import { v5 } from "uuid";
import type { IncidentRef } from "../incident/incident";

/** Namespace of our comment ids; changing it would make every repeated write a second comment. */
const namespace = "5b1f6c1e-3c54-4a5c-9f0b-5d9a7c1f3e21";

/**
 * The id under which a comment is written. It is derived, not drawn, so that a repeated write finds the first one:
 * `key` is the run for a run's comments, the delivery id for an addendum.
 */
export function commentIdFor(
  ref: IncidentRef,
  key: string | number,
  part: "first" | "update" | "addendum",
): string {
  return v5(`${ref.scope}/${ref.incidentId}/${key}/${part}`, namespace);
}

/** How a delivery of Intezer's triage is recognised in a comment: hexadecimal digits survive every encoding. */
export function deliveryMark(deliveryId: string): string {
  return `delivery ${deliveryId}`;
}

/** As every comment of ours names it in its footer. */
export const product = "Sentinel Incident Enricher";
