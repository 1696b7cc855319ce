import type { Incident } from "../incident/incident";
import type { FileHashes, Indicator, LeftOut } from "../indicators/indicator";
import type { UnreadWatchlist } from "../indicators/screening";
import type { Outcome, Provider } from "../lookups/provider";
import type { RunContext } from "./context";
import type { Triage } from "./triage";

/** A lookup that has no outcome yet, with what the next try continues from. */
export interface OpenLookup {
  readonly kind: "open";
  readonly cause: "pending" | "quota" | "fault";
  readonly reason: string;
  /** Goes into the provider's next `consult`. */
  readonly continuation?: string;
  /** When it is tried next, epoch milliseconds; 0 for at once. */
  readonly dueAt: number;
  /** Tries so far that ended with a fault. */
  readonly faults: number;
}

export type Lookup = Outcome | OpenLookup;

/** By provider id. A provider that has no lookup for the kind of indicator (Intezer and IP addresses) has none here. */
export type Lookups = Readonly<Record<string, Lookup>>;

/** One indicator of the incident with all that is known of it. */
export interface ReportItem {
  readonly indicator: Indicator;
  readonly lookups: Lookups;
  /** In an update: the lookups as the first comment showed them; absent for an indicator that came since. */
  readonly before?: Lookups;
}

export type TriageState =
  /** Nothing was submitted and nothing came. It has a reason when this run must not ask for one. */
  | { readonly kind: "none"; readonly reason?: string }
  | {
      readonly kind: "taken";
      readonly triage: Triage;
      readonly deliveryId: string;
      /** Another comment of the incident carries this delivery: it counts, and is not repeated. */
      readonly isElsewhere?: boolean;
    }
  /** Submitted, and no triage yet. */
  | { readonly kind: "pending" }
  /** The submission failed: the run does not wait, and the comment says so. */
  | { readonly kind: "failed"; readonly reason: string };

/** What a repeated run reports. */
export interface RunChanges {
  /** The run it is compared with, by its instant in epoch milliseconds. */
  readonly since: number;
  /** What has become of the indicators, as parts of a sentence. */
  readonly indicators: readonly string[];
  /** There is a triage that the other run's comment did not carry. */
  readonly triage: boolean;
}

/** Everything a comment and the tags are made of: plain JSON, since it crosses the border of an activity. */
export interface RunReport {
  /** Epoch milliseconds at which the starter accepted the incident; distinguishes one run from the next. */
  readonly run: number;
  readonly part: "first" | "update";
  readonly incident: Incident;
  readonly items: readonly ReportItem[];
  readonly leftOut: readonly LeftOut[];
  /** The incident's entities include emails. */
  readonly hasMail: boolean;
  /** In the order in which the comment shows them. */
  readonly providers: readonly Pick<Provider, "id" | "title" | "readsFragments" | "isInternal">[];
  /** In an update: what came into the incident after the first comment and is not looked up. */
  readonly leftOutSince?: readonly LeftOut[];
  /** In a run again: what differs from the run before. */
  readonly changes?: RunChanges;
  readonly triage: TriageState;
  /** Epoch milliseconds at which the report was made. */
  readonly at: number;
  /** What the workspace's logs know of the indicators; absent where they are not asked. It never changes a verdict. */
  readonly context?: RunContext;
  /** The analysts' list of allowed indicators could not be read: none of them was left out by it. */
  readonly watchlistUnread?: UnreadWatchlist;
  /** The whole incident went to Intezer. */
  readonly incidentSubmitted: boolean;
  /** Numbers of incidents whose alerts came by a merge, as far as they are known. */
  readonly mergedFrom?: readonly number[];
  /** Number of the incident that is written to, where this one was merged into it. */
  readonly mergedInto?: number;
}

/** The hashes of its file that the answer names. */
export function hashesIn(lookup: Lookup): readonly FileHashes[] {
  if (lookup.kind === "answered") return lookup.answer.hashes ? [lookup.answer.hashes] : [];
  return lookup.kind === "notKnown" && lookup.hashes ? [lookup.hashes] : [];
}
