import type { Incident } from "../incident/incident";
import type { Indicator, IndicatorKind, LeftOut } from "../indicators/indicator";
import type { Outcome } from "../lookups/provider";
import type { Triage } from "./triage";

/** A lookup that has no outcome yet; `continuation` goes into the provider's next `consult`. */
export interface OpenLookup {
  readonly kind: "open";
  readonly cause: "pending" | "quota" | "fault";
  readonly reason: string;
  readonly continuation?: string;
}

/** The provider has no lookup for this kind of indicator (Intezer and addresses): nothing to say, nothing missing. */
interface NotAsked {
  readonly kind: "notAsked";
}

export type Lookup = Outcome | OpenLookup | NotAsked;

/** What one provider did for a run. */
export interface ProviderShare {
  readonly id: string;
  readonly title: string;
  /** Kinds that were not asked about, each with the setting that switches it on. */
  readonly off: Readonly<Partial<Record<IndicatorKind, string>>>;
  /** One per indicator of the report, in the same order. */
  readonly lookups: readonly Lookup[];
}

export type TriageState =
  /** Nothing was submitted and nothing came. The reason is there when this run was not to ask for any. */
  | { readonly kind: "none"; readonly reason?: string }
  | {
      readonly kind: "taken";
      readonly triage: Triage;
      readonly deliveryId: string;
      readonly submitted: boolean;
      /** Another comment of the incident carries this delivery: it counts, and is not told again. */
      readonly toldBefore?: boolean;
    }
  /** Submitted, and no triage yet. */
  | { readonly kind: "pending" }
  /** The submission failed: nobody waits for it, and the comment says so. */
  | { readonly kind: "failed"; readonly reason: string };

/** What a run again has to tell. */
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
  /** Epoch milliseconds at which the starter accepted the incident; tells one run from the next. */
  readonly run: number;
  readonly part: "first" | "update";
  readonly incident: Incident;
  readonly indicators: readonly Indicator[];
  readonly leftOut: readonly LeftOut[];
  /** Mails are among the incident's entities. */
  readonly hasMail: boolean;
  readonly providers: readonly ProviderShare[];
  /** In an update: the providers' shares as the first comment told them. */
  readonly before?: readonly ProviderShare[];
  /** In an update: indicators, the last ones, that came into the incident after the first comment. */
  readonly added?: number;
  /** In a run again: what differs from the run before. */
  readonly changes?: RunChanges;
  readonly triage: TriageState;
  /** Epoch milliseconds at which the report was made. */
  readonly at: number;
  /** The whole incident went to Intezer. */
  readonly incidentSubmitted: boolean;
}
