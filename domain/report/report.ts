import type { Incident } from "../incident/incident";
import type { FileHashes, Indicator, LeftOut } from "../indicators/indicator";
import type { UnreadWatchlist } from "../indicators/screening";
import type { Outcome, Provider } from "../lookups/provider";
import type { RunContext } from "./context";
import type { Triage } from "./triage";

/** A lookup without an outcome yet, with the point from which the next try continues. */
export interface OpenLookup {
  readonly kind: "open";
  readonly cause: "pending" | "quota" | "fault";
  readonly reason: string;
  /** Goes into the provider's next `consult`. */
  readonly continuation?: string;
  /** When to try next, epoch milliseconds; 0 for at once. */
  readonly dueAt: number;
  /** Number of tries that ended with a fault. */
  readonly faults: number;
}

export type Lookup = Outcome | OpenLookup;

/** By provider id. A provider without lookups for this kind of indicator (Intezer for IP addresses) is absent. */
export type Lookups = Readonly<Record<string, Lookup>>;

/** One indicator of the incident with everything that is known about it. */
export interface ReportItem {
  readonly indicator: Indicator;
  readonly lookups: Lookups;
  /** In an update: the lookups as the first comment showed them; absent for an indicator added since. */
  readonly before?: Lookups;
}

export type TriageState =
  /** Nothing was submitted and no triage arrived. `reason`: why this run may not submit the incident. */
  | { readonly kind: "none"; readonly reason?: string }
  | {
      readonly kind: "taken";
      readonly triage: Triage;
      readonly deliveryId: string;
      /** Another comment of the incident already has this triage: it counts, but is not repeated. */
      readonly isElsewhere?: boolean;
    }
  /** Submitted, and no triage yet. */
  | { readonly kind: "pending" }
  /** The submission failed: the run does not wait for a triage, and the comment says so. */
  | { readonly kind: "failed"; readonly reason: string };

/** What a repeated run reports as changed. */
export interface RunChanges {
  /** The start of the run that it is compared with, epoch milliseconds. */
  readonly since: number;
  /** What has changed about the indicators, as parts of a sentence. */
  readonly indicators: readonly string[];
  /** There is a triage that the earlier run's comment did not have. */
  readonly triage: boolean;
}

/** Everything that comment and tags are made of: plain JSON, since it is passed to activities. */
export interface RunReport {
  /** When the trigger accepted the incident, epoch milliseconds; distinguishes one run from the next. */
  readonly run: number;
  readonly part: "first" | "update";
  readonly incident: Incident;
  readonly items: readonly ReportItem[];
  readonly leftOut: readonly LeftOut[];
  /** The incident's entities include emails. */
  readonly hasMail: boolean;
  /** In the order in which the comment shows them. */
  readonly providers: readonly Pick<Provider, "id" | "title" | "readsFragments" | "isInternal">[];
  /** In an update: entities added after the first comment that are not looked up. */
  readonly leftOutSince?: readonly LeftOut[];
  /** In a repeated run: what differs from the previous run. */
  readonly changes?: RunChanges;
  readonly triage: TriageState;
  /** When the report was made, epoch milliseconds. */
  readonly at: number;
  /** What the workspace's logs show about the indicators; absent if they are not searched. It never changes a verdict. */
  readonly context?: RunContext;
  /** The analysts' list of allowed indicators could not be read, so it excluded no indicator. */
  readonly watchlistUnread?: UnreadWatchlist;
  /** The whole incident went to Intezer. */
  readonly incidentSubmitted: boolean;
  /** Numbers of incidents that were merged into this one, as far as they are known. */
  readonly mergedFrom?: readonly number[];
  /** Number of the incident into which this one was merged, and to which the run writes. */
  readonly mergedInto?: number;
}

/** The hashes that the answer gives for its file. */
export function hashesIn(lookup: Lookup): readonly FileHashes[] {
  if (lookup.kind === "answered") return lookup.answer.hashes ? [lookup.answer.hashes] : [];
  return lookup.kind === "notKnown" && lookup.hashes ? [lookup.hashes] : [];
}
