import type { OrchestrationContext, Task } from "durable-functions";
import type { IncidentRef } from "../../domain/incident/incident";
import type { Indicator } from "../../domain/indicators/indicator";
import type { Lookup, ProviderShare } from "../../domain/report/report";
import type { CommentDetail, ProviderPlan } from "../../domain/run/settings";
import { orchestratorNames, shareInstanceId } from "../names";

/** Most indicators of a run that are looked up; the rest are counted and said to be too many. */
const mostLookedUp = 500;

export interface ConsultProviderInput {
  readonly incidentId: string;
  readonly provider: Pick<ProviderPlan, "id" | "quota">;
  readonly indicators: readonly { readonly indicator: Indicator; readonly continuation?: string }[];
  /** May use what is kept of the day's quota. */
  readonly urgent: boolean;
  /** Epoch milliseconds; nothing is started from then on. */
  readonly deadline: number;
  readonly detail: CommentDetail;
  /** When the whole run gives up, epoch milliseconds: quota that returns later is of no use. */
  readonly until: number;
}

export interface ConsultProviderOutput {
  /** One per indicator, in the same order. */
  readonly lookups: readonly Lookup[];
}

/** How long a share is worked on. Instants are epoch milliseconds. */
export interface Phase {
  readonly phase: 1 | 2;
  /** Lookups may use what is kept of the day's quota. */
  readonly urgent: boolean;
  readonly deadline: number;
  /** The deadline of the whole run. */
  readonly until: number;
}

/** What one provider has to do and has done for a run. */
export interface Share {
  readonly provider: ProviderPlan;
  /** One per indicator of the incident. */
  readonly lookups: readonly Lookup[];
}

/** Every provider's share before anything is asked: open where it will be asked, settled where it will not. */
export function planShares(
  providers: readonly ProviderPlan[],
  indicators: readonly Indicator[],
): readonly Share[] {
  return providers.map((provider) => ({
    provider,
    lookups: indicators.map((indicator, position) => plannedLookup(provider, indicator, position)),
  }));
}

/** The shares with what is planned for the indicators that have come last. */
export function extended(shares: readonly Share[], indicators: readonly Indicator[]): readonly Share[] {
  return shares.map((share) => ({
    ...share,
    lookups: indicators.map(
      (indicator, position) => share.lookups[position] ?? plannedLookup(share.provider, indicator, position),
    ),
  }));
}

function plannedLookup(provider: ProviderPlan, { kind }: Indicator, position: number): Lookup {
  const off = provider.off[kind];
  if (off !== undefined) return { kind: "off", reason: off };
  if (!provider.kinds.includes(kind)) return { kind: "notAsked" };
  if (position < mostLookedUp) return { kind: "open", cause: "quota", reason: "not asked yet" };
  const reason = `only the first ${mostLookedUp} indicators of an incident are looked up`;
  return { kind: "notChecked", cause: "tooMany", reason };
}

export const isOpen = (share: Share) => share.lookups.some(({ kind }) => kind === "open");

/** A child orchestration that works on what is open in the share until the deadline. */
export function consultShare(
  context: OrchestrationContext,
  share: Share,
  indicators: readonly Indicator[],
  run: { incident: IncidentRef; run: number; detail: CommentDetail } & Phase,
): Task {
  const { incidentId } = run.incident;
  const input: ConsultProviderInput = {
    incidentId,
    provider: { id: share.provider.id, quota: share.provider.quota },
    indicators: openIn(share).flatMap(({ position, continuation }) => {
      const indicator = indicators[position];
      return indicator ? [{ indicator, ...(continuation === undefined ? {} : { continuation }) }] : [];
    }),
    urgent: run.urgent,
    deadline: run.deadline,
    detail: run.detail,
    until: run.until,
  };
  const id = shareInstanceId(incidentId, run.run, share.provider.id, run.phase);
  return context.df.callSubOrchestrator(orchestratorNames.consultProvider, input, id);
}

const openIn = (share: Share) =>
  share.lookups.flatMap((lookup, position) =>
    lookup.kind === "open" ? [{ position, continuation: lookup.continuation }] : [],
  );

/** The share with what its child brought. */
export function withResults(share: Share, output: ConsultProviderOutput): Share {
  const brought = new Map(openIn(share).map(({ position }, i) => [position, output.lookups[i]]));
  const lookups = share.lookups.map((lookup, position) => brought.get(position) ?? lookup);
  return { ...share, lookups };
}

/** Nothing is waited for any more: what is open is now said to be missing, by its cause. */
export function closed(share: Share): Share {
  return { ...share, lookups: share.lookups.map(closedLookup) };
}

function closedLookup(lookup: Lookup): Lookup {
  if (lookup.kind !== "open") return lookup;
  if (lookup.cause === "quota")
    return { kind: "notChecked", cause: "quota", reason: "the key's quota did not suffice" };
  if (lookup.cause === "fault") return { kind: "failed", reason: lookup.reason };
  return { kind: "notAnswered", reason: "no answer before the deadline" };
}

export function toProviderShare({ provider, lookups }: Share): ProviderShare {
  return { id: provider.id, title: provider.title, off: provider.off, lookups };
}

/** Lookups that have an outcome, of all that are to have one. */
export function progressOf(shares: readonly Share[]): { done: number; total: number } {
  const asked = shares
    .flatMap(({ lookups }) => lookups)
    .filter(({ kind }) => kind !== "notAsked" && kind !== "off");
  return { done: asked.filter(({ kind }) => kind !== "open").length, total: asked.length };
}
