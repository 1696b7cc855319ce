import { grouped } from "./grouped";
import type { Indicator } from "./indicator";
import type { LookUp, ProviderShare, RunReport } from "./run-report";

/** Indicators that a provider should have answered for and did not, all for the same reason. */
export interface Gap {
  readonly provider: string;
  readonly state: MissingLookUp["kind"];
  /** `open` only: what the look-up waits for. */
  readonly cause?: "pending" | "quota" | "fault";
  readonly reason: string;
  readonly indicators: number;
  /** When it will be possible, epoch milliseconds, where that is known. */
  readonly possibleAt?: number;
}

/** Indicators that a provider was not asked about, because nobody wants it to be. */
export interface SwitchedOff {
  readonly provider: string;
  readonly indicators: readonly Indicator[];
  /** For people: what switches it off, or why the provider skips it. */
  readonly reason: string;
}

type MissingLookUp = Extract<LookUp, { kind: "open" | "notChecked" | "failed" | "notAnswered" }>;

/** Whether this look-up makes its indicator count as not checked. */
export function isMissing(lookUp: LookUp): lookUp is MissingLookUp {
  return ["open", "notChecked", "failed", "notAnswered"].includes(lookUp.kind);
}

/** One gap per provider and cause, in the providers' order, what concerns most indicators first. */
export function gapsOf({ providers }: RunReport): readonly Gap[] {
  return providers.flatMap(({ title, lookUps }) =>
    grouped(lookUps.filter(isMissing), (lookUp) =>
      JSON.stringify([lookUp.kind, causeOf(lookUp), lookUp.reason]),
    )
      .map((same) => gapFrom(title, same))
      .toSorted((a, b) => b.indicators - a.indicators),
  );
}

function gapFrom(provider: string, same: readonly [MissingLookUp, ...MissingLookUp[]]): Gap {
  const [{ kind: state, reason }] = same;
  const cause = causeOf(same[0]);
  const instants = same.flatMap((lookUp) => (lookUp.kind === "notChecked" ? (lookUp.possibleAt ?? []) : []));
  return {
    provider,
    state,
    ...(cause === undefined ? {} : { cause }),
    reason,
    indicators: same.length,
    ...(instants.length > 0 ? { possibleAt: Math.max(...instants) } : {}),
  };
}

function causeOf(lookUp: MissingLookUp): Gap["cause"] {
  return lookUp.kind === "open" ? lookUp.cause : undefined;
}

/** What was switched off, as far as it concerns indicators of this report. */
export function switchedOffIn({ providers, indicators }: RunReport): readonly SwitchedOff[] {
  return providers.flatMap((share) => {
    const off = indicators.flatMap((indicator, index) => offReason(share, indicator, index) ?? []);
    return grouped(off, ({ reason }) => reason).map((same) => ({
      provider: share.title,
      indicators: same.map(({ indicator }) => indicator),
      reason: same[0].reason,
    }));
  });
}

function offReason(share: ProviderShare, indicator: Indicator, index: number) {
  const lookUp = share.lookUps[index];
  const reason = share.off[indicator.kind] ?? (lookUp?.kind === "off" ? lookUp.reason : undefined);
  return reason === undefined ? undefined : { indicator, reason };
}
