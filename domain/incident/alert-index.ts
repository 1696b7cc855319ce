import type { Attempt } from "../attempt";
import type { IncidentRef } from "./incident";

/**
 * Where the incident of an alert is found by the id that the alert's vendor gave it. Log Analytics today. Nothing here
 * throws for what the service can answer.
 */
export interface AlertIndex {
  /** The incident that holds the alert, of those served; `undefined` while none does. */
  findIncident(vendorAlertId: string): Promise<Attempt<IncidentRef | undefined>>;
}

/** Whether a text can be a vendor's id of an alert. Nothing else may get into a query, which has no parameters. */
export function isVendorAlertId(text: string): boolean {
  return /^[A-Za-z0-9._:-]{1,128}$/.test(text);
}
