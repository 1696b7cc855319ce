import type { OrchestrationContext, Task } from "durable-functions";
import type { CommentDetail } from "../domain/comment-detail";
import type { IncidentRef } from "../domain/incident";
import type { Indicator } from "../domain/indicator";
import type { ProviderPlan } from "../domain/run";
import type { LookUp, ProviderShare } from "../domain/run-report";
import type { ConsultProviderInput, ConsultProviderOutput } from "./consult-provider";
import { orchestratorNames, shareInstanceId } from "./names";

/** Most indicators of a run that are looked up; the rest are counted and said to be too many. */
const mostLookedUp = 500;

/** How long a share is worked on. Instants are epoch milliseconds. */
export interface Phase {
  readonly phase: 1 | 2;
  /** Look-ups may use what is kept of the day's quota. */
  readonly urgent: boolean;
  readonly deadline: number;
  /** The deadline of the whole run. */
  readonly until: number;
}

/** What one provider has to do and has done for a run. */
export interface Share {
  readonly provider: ProviderPlan;
  /** One per indicator of the incident. */
  readonly lookUps: readonly LookUp[];
}

/** Every provider's share before anything is asked: open where it will be asked, settled where it will not. */
export function planShares(
  providers: readonly ProviderPlan[],
  indicators: readonly Indicator[],
): readonly Share[] {
  return providers.map((provider) => ({
    provider,
    lookUps: indicators.map((indicator, position) => plannedLookUp(provider, indicator, position)),
  }));
}

/** The shares with what is planned for the indicators that have come last. */
export function extended(shares: readonly Share[], indicators: readonly Indicator[]): readonly Share[] {
  return shares.map((share) => ({
    ...share,
    lookUps: indicators.map(
      (indicator, position) => share.lookUps[position] ?? plannedLookUp(share.provider, indicator, position),
    ),
  }));
}

function plannedLookUp(provider: ProviderPlan, { kind }: Indicator, position: number): LookUp {
  const off = provider.off[kind];
  if (off !== undefined) return { kind: "off", reason: off };
  if (!provider.kinds.includes(kind)) return { kind: "notAsked" };
  if (position < mostLookedUp) return { kind: "open", cause: "quota", reason: "not asked yet" };
  const reason = `only the first ${mostLookedUp} indicators of an incident are looked up`;
  return { kind: "notChecked", cause: "tooMany", reason };
}

export const isOpen = (share: Share) => share.lookUps.some(({ kind }) => kind === "open");

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
  share.lookUps.flatMap((lookUp, position) =>
    lookUp.kind === "open" ? [{ position, continuation: lookUp.continuation }] : [],
  );

/** The share with what its child brought. */
export function withResults(share: Share, output: ConsultProviderOutput): Share {
  const brought = new Map(openIn(share).map(({ position }, i) => [position, output.lookUps[i]]));
  const lookUps = share.lookUps.map((lookUp, position) => brought.get(position) ?? lookUp);
  return { ...share, lookUps };
}

/** Nothing is waited for any more: what is open is now said to be missing, by its cause. */
export function closed(share: Share): Share {
  return { ...share, lookUps: share.lookUps.map(closedLookUp) };
}

function closedLookUp(lookUp: LookUp): LookUp {
  if (lookUp.kind !== "open") return lookUp;
  if (lookUp.cause === "quota")
    return { kind: "notChecked", cause: "quota", reason: "the key's quota did not suffice" };
  if (lookUp.cause === "fault") return { kind: "failed", reason: lookUp.reason };
  return { kind: "notAnswered", reason: "no answer before the deadline" };
}

export function toProviderShare({ provider, lookUps }: Share): ProviderShare {
  return { id: provider.id, title: provider.title, off: provider.off, lookUps };
}

/** Look-ups that have an outcome, of all that are to have one. */
export function progressOf(shares: readonly Share[]): { done: number; total: number } {
  const asked = shares
    .flatMap(({ lookUps }) => lookUps)
    .filter(({ kind }) => kind !== "notAsked" && kind !== "off");
  return { done: asked.filter(({ kind }) => kind !== "open").length, total: asked.length };
}
