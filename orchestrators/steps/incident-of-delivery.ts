import type { OrchestrationContext } from "durable-functions";
import type { IncidentRef } from "../../domain/incident/incident";
import { isDefenderAlert, type Triaged } from "../../domain/report/triage";
import type { DeliveryInput } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { now, sleepSeconds } from "../durable/clock";
import { persist } from "../durable/persist";

/** Logs are late: a look at once, and again 2, 5, 10, 15 and 30 minutes after it. */
const waitsMinutes = [0, 2, 3, 5, 5, 15];
const unreachableMs = 60 * 60 * 1000;

/**
 * The incident of a delivery. That of a Defender alert is looked up where Microsoft Sentinel links it to the alert; a
 * text says why there is none. Throws when it may not be looked for.
 */
export function* incidentOf(
  context: OrchestrationContext,
  input: DeliveryInput,
  reading: Triaged,
): Step<IncidentRef | string> {
  if (input.source !== "defender") return input.incident;
  const { vendorAlertId } = input;
  if (!isDefenderAlert(reading, vendorAlertId)) return "the alert is not the Defender alert that was named";
  let refusal: string | undefined;
  for (const minutes of waitsMinutes) {
    yield* sleepSeconds(context, minutes * 60);
    const find = () => call(context, "findIncident", { vendorAlertId });
    const found = yield* persist(context, find, now(context) + unreachableMs);
    if (found.kind === "done" && found.value.incident) return found.value.incident;
    // A role that was granted just now takes some minutes, too.
    refusal = found.kind === "refused" ? found.reason : undefined;
  }
  if (refusal === undefined) return "no incident has the Defender alert";
  throw new Error(`The incident of the Defender alert could not be looked for: ${refusal}`);
}
