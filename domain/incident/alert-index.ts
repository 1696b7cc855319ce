import type { Attempt } from "../attempt";
import type { IncidentRef } from "./incident";

/**
 * Finds the incident of an alert by the id that the alert's vendor gave it; currently in Log Analytics. Nothing here
 * throws for anything the service may answer.
 */
export interface AlertIndex {
  /** The served incident that contains the alert; `undefined` while there is none. */
  findIncident(vendorAlertId: string): Promise<Attempt<IncidentRef | undefined>>;
}

/** Whether a text can be a vendor's alert id. Nothing else may get into a query, which has no parameters. */
export function isVendorAlertId(text: string): boolean {
  return /^[A-Za-z0-9._:-]{1,128}$/.test(text);
}
