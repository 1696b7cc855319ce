import type { OrchestrationContext } from "durable-functions";
import type { IncidentRef } from "../../domain/incident/incident";
import { isDefenderAlert, type Triaged } from "../../domain/report/triage";
import type { DeliveryInput } from "../../domain/run/run";
import { call, type Step } from "../durable/call";
import { now, sleepSeconds } from "../durable/clock";
import { type Persisted, persist } from "../durable/persist";
import { logWaits, unreachableFor } from "../waits";

/**
 * The incident of a delivery. For a Defender alert, it is the incident that Microsoft Sentinel links to the alert; refused
 * if there is none. Throws if that could not be looked up.
 */
export function* incidentOfDelivery(
  context: OrchestrationContext,
  input: DeliveryInput,
  triaged: Triaged,
): Step<Persisted<IncidentRef>> {
  if (input.source !== "defender") return { kind: "done", value: input.incident };
  const { vendorAlertId } = input;
  if (!isDefenderAlert(triaged, vendorAlertId))
    return { kind: "refused", reason: "the alert is not the Defender alert that was named" };
  let refusal: string | undefined;
  for (const wait of logWaits) {
    yield* sleepSeconds(context, wait);
    const until = now(context) + unreachableFor * 1000;
    const found = yield* persist(context, () => call(context, "findIncident", { vendorAlertId }), { until });
    if (found.kind === "done" && found.value.incident) return { kind: "done", value: found.value.incident };
    // A role that was just granted takes some minutes as well.
    refusal = found.kind === "refused" ? found.reason : undefined;
  }
  if (refusal === undefined) return { kind: "refused", reason: "no incident contains the Defender alert" };
  throw new Error(`The incident of the Defender alert could not be looked up: ${refusal}`);
}
