import { createHash } from "node:crypto";
import type { IncidentRef } from "../incident/incident";
import { defined } from "../json";
import { type Triage, verdictOfTriage } from "../report/triage";
import { cut } from "../text";
import { type Verdict, worstOf } from "../verdict";
import { type ResultRow, resultsSchemaVersion } from "./results-table";

/** A triage that arrived too late for its run's comment and was written to the incident. */
export interface AddendumRowOf {
  /** The incident that has the addendum. */
  readonly incident: IncidentRef;
  readonly number: number;
  /** Instance id of the delivery. */
  readonly instanceId: string;
  /** The start of the incident's run, epoch milliseconds; absent if there is none. */
  readonly run?: number;
  readonly triage: Triage;
  readonly deliveryId: string;
  /** The verdict that the incident's tags showed before. */
  readonly before?: Verdict;
  /** Epoch milliseconds. */
  readonly at: number;
}

const longestNote = 500;

/** The row of an addendum. It is not about an indicator or a lookup: what counts is the verdict of the incident. */
export function addendumRow(of: AddendumRowOf, { version }: { readonly version: string }): ResultRow {
  const { incident, number, instanceId, triage, deliveryId, before = "unknown", at } = of;
  const verdict = verdictOfTriage(triage);
  const key = JSON.stringify([incident.scope, incident.incidentId, "addendum", deliveryId]);
  return {
    TimeGenerated: instantOf(at),
    RowId: createHash("sha256").update(key).digest("hex").slice(0, 32),
    SchemaVersion: resultsSchemaVersion,
    Run: instantOf(of.run ?? at),
    RunId: instanceId,
    Part: "addendum",
    IncidentId: incident.incidentId,
    IncidentNumber: number,
    // As with the tags, a late triage can raise the verdict but never lower it.
    IncidentVerdict: worstOf([before, verdict]) ?? verdict,
    Verdict: verdict,
    Figures: cut(triage.verdictTitle, longestNote),
    ...defined({ Reasons: triage.note ? [cut(triage.note, longestNote)] : undefined, Link: triage.link }),
    AppVersion: version,
  };
}

const instantOf = (at: number) => new Date(at).toISOString();
