import { createHash } from "node:crypto";
import { z } from "zod";
import type { Attempt } from "./attempt";
import type { Verdict } from "./verdict";

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

/** Intezer's judgement of an alert, as read through its API. All text is plain and may be hostile. */
export type Triage = Readonly<z.infer<typeof triageSchema>>;

/** Reads the payload of an event; whoever may manage the task hub can raise one with anything in it. */
export function triageFrom(payload: unknown): Triage | undefined {
  return z.object({ triage: triageSchema }).safeParse(payload).data?.triage;
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

const verdictOf: ReadonlyMap<string, Verdict> = new Map([
  ["confirmed_threat", "malicious"],
  ["likely_true_positive", "suspicious"],
  ["suspicious_behavior", "suspicious"],
  ["false_positive", "clean"],
]);

/** Verdicts Intezer may add later are unknown: nothing becomes clean by not being understood. */
export function verdictOfTriage(triage: Triage): Verdict {
  return verdictOf.get(triage.verdict) ?? "unknown";
}

/** Tells one state of an alert from the next: the same triage delivered twice has the same id. */
export function deliveryIdOf(triage: Triage): string {
  const told = JSON.stringify([triage.alertId, triage.verdict, triage.riskLevel ?? "", triage.note ?? ""]);
  return createHash("sha256").update(told).digest("hex").slice(0, 16);
}
