import { type Attempt, refused } from "../domain/attempt";
import type { AlertReading, TriageService } from "../domain/report/triage";

/** Reads the alert from Intezer: the content of a webhook is never used. */
export function createReadAlert(triage: TriageService | undefined) {
  return async (input: { alertId: string }): Promise<Attempt<AlertReading>> =>
    triage
      ? triage.readAlert(input.alertId)
      : refused("Intezer is not set up in this app: set INTEZER_API_KEY or KEY_VAULT_URL");
}
