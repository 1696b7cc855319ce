import { createHash } from "node:crypto";
import type { IncidentRef } from "../incident/incident";
import { defined } from "../json";
import { type Triage, verdictOfTriage } from "../report/triage";
import { cut } from "../text";
import { type Verdict, worstOf } from "../verdict";
import { type ResultRow, resultsSchemaVersion } from "./results-table";

/** A triage that came too late for its run's comment, and is written into the incident. */
export interface AddendumRowOf {
  /** Where the addendum is. */
  readonly incident: IncidentRef;
  readonly number: number;
  /** Instance of the delivery. */
  readonly instanceId: string;
  /** The incident's run, by its instant in epoch milliseconds; absent when there is none. */
  readonly run?: number;
  readonly triage: Triage;
  readonly deliveryId: string;
  /** The verdict that the incident's tags showed before. */
  readonly before?: Verdict;
  /** Epoch milliseconds. */
  readonly at: number;
}

const longestNote = 500;

/** It is about no indicator and is no lookup: what counts is the verdict of the incident. */
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
    // As the tags: a triage that comes late can raise the verdict, and never lower it.
    IncidentVerdict: worstOf([before, verdict]) ?? verdict,
    Verdict: verdict,
    Figures: cut(triage.verdictTitle, longestNote),
    ...defined({ Reasons: triage.note ? [cut(triage.note, longestNote)] : undefined, Link: triage.link }),
    AppVersion: version,
  };
}

const instantOf = (at: number) => new Date(at).toISOString();
