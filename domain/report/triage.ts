import { createHash } from "node:crypto";
import { z } from "zod";
import type { Attempt } from "../attempt";
import type { IncidentRef } from "../incident/incident";
import type { Verdict } from "../verdict";

const text = z.string();

const triageSchema = z.object({
  alertId: text,
  /** As Intezer spells it, e.g. `confirmed_threat`. */
  verdict: text,
  /** For people, e.g. "Confirmed Threat". */
  verdictTitle: text,
  riskLevel: text.optional(),
  riskCategory: text.optional(),
  family: text.optional(),
  /** Text for the analyst, markup removed, at most 2,000 characters. */
  note: text.optional(),
  recommendedActions: z.array(text).readonly(),
  link: text.optional(),
  /** Epoch milliseconds. */
  updatedAt: z.number().optional(),
});

/** Intezer's triage of an alert, as read through its API. All text is plain and may be hostile. */
export type Triage = Readonly<z.infer<typeof triageSchema>>;

/** Reads the payload of an event. Anyone who manages the task hub can raise an event with any payload. */
export function triageFrom(payload: unknown): Triage | undefined {
  return z.object({ triage: triageSchema }).safeParse(payload).data?.triage;
}

/** Which incident or source the alert belongs to, according to the alert itself. */
export interface AlertOrigin {
  /** The incident that the alert repeats from our submission, if any. */
  readonly incident?: IncidentRef;
  /** Ids that the alert may have in Microsoft Defender; absent if it came from another source. */
  readonly defenderAlertIds?: readonly string[];
}

export type Triaged = AlertOrigin & { readonly kind: "triaged"; readonly triage: Triage };

/** The result of reading an alert. */
export type AlertReading =
  | Triaged
  | { readonly kind: "inProgress"; readonly incident?: IncidentRef }
  | { readonly kind: "notKnown" };

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Whether the alert may be the one with this id in Defender. An alert that has only Intezer's own ids, which are GUIDs,
 * does not contradict this; an alert with another vendor's id does.
 */
export function isDefenderAlert({ defenderAlertIds }: AlertOrigin, vendorAlertId: string): boolean {
  if (!defenderAlertIds) return false;
  const isNamed = defenderAlertIds.some((id) => id.toLowerCase() === vendorAlertId.toLowerCase());
  return isNamed || defenderAlertIds.every((id) => guid.test(id));
}

export type Submission =
  | { readonly kind: "submitted"; readonly alertId: string }
  /** Intezer already has this incident (409) and does not say under which alert id. */
  | { readonly kind: "alreadySubmitted" };

/** A service that triages whole incidents. Nothing here throws for anything the service may answer. */
export interface TriageService {
  /** `envelope` is the trigger body as Sentinel sent it, as JSON text. */
  submit(envelope: string): Promise<Attempt<Submission>>;
  readAlert(alertId: string): Promise<Attempt<AlertReading>>;
}

const verdictOf: ReadonlyMap<string, Verdict> = new Map([
  ["confirmed_threat", "malicious"],
  ["likely_true_positive", "suspicious"],
  ["suspicious_behavior", "suspicious"],
  ["false_positive", "clean"],
]);

/** Verdicts that Intezer may add later count as unknown: nothing becomes clean by not being understood. */
export function verdictOfTriage(triage: Triage): Verdict {
  return verdictOf.get(triage.verdict) ?? "unknown";
}

/** Distinguishes one state of an alert from the next: the same triage delivered twice has the same id. */
export function deliveryIdOf(triage: Triage): string {
  const content = JSON.stringify([triage.alertId, triage.verdict, triage.riskLevel ?? "", triage.note ?? ""]);
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
