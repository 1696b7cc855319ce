import { createHash } from "node:crypto";
import type { Attempt } from "./attempt";
import type { Verdict } from "./verdict";

/** Intezer's judgement of an alert, as read through its API. All text is plain and may be hostile. */
export interface Triage {
  readonly alertId: string;
  /** As Intezer spells it, e.g. `confirmed_threat`. */
  readonly verdict: string;
  /** For people, e.g. "Confirmed Threat". */
  readonly verdictTitle: string;
  readonly riskLevel?: string;
  readonly riskCategory?: string;
  readonly family?: string;
  /** Text for the analyst, markup removed, at most 2,000 characters. */
  readonly note?: string;
  readonly recommendedActions: readonly string[];
  readonly link?: string;
  /** Epoch milliseconds. */
  readonly updatedAt?: number;
}

/** What reading an alert shows. `incidentArmId` is what the alert's echo of our submission names, if anything. */
export type AlertReading =
  | { readonly kind: "triaged"; readonly triage: Triage; readonly incidentArmId?: string }
  | { readonly kind: "inProgress"; readonly incidentArmId?: string }
  | { readonly kind: "notKnown" };

export type Submission =
  | { readonly kind: "submitted"; readonly alertId: string }
  /** Intezer has this incident already (409) and does not say under which alert id. */
  | { readonly kind: "alreadySubmitted" };

/** A service that triages whole incidents. Nothing here throws for what the service can answer. */
export interface TriageService {
  /** `envelope` is the trigger body as Sentinel sent it, as JSON text. */
  submit(envelope: string): Promise<Attempt<Submission>>;
  readAlert(alertId: string): Promise<Attempt<AlertReading>>;
}

const verdictOf: Readonly<Record<string, Verdict>> = {
  confirmed_threat: "malicious",
  likely_true_positive: "suspicious",
  suspicious_behavior: "suspicious",
  false_positive: "clean",
};

/** Verdicts Intezer may add later are unknown: nothing becomes clean by not being understood. */
export function verdictOfTriage(triage: Triage): Verdict {
  return verdictOf[triage.verdict] ?? "unknown";
}

/** Tells one state of an alert from the next: the same triage delivered twice has the same id. */
export function deliveryIdOf(triage: Triage): string {
  const told = JSON.stringify([triage.alertId, triage.verdict, triage.riskLevel ?? "", triage.note ?? ""]);
  return createHash("sha256").update(told).digest("hex").slice(0, 16);
}
