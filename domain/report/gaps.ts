import type { Indicator } from "../indicators/indicator";
import { kindCounts } from "../indicators/label";
import { allowedReason, isOnWatchlist } from "../indicators/screening";
import { defined } from "../json";
import { counted, grouped } from "../text";
import type { Lookup, RunReport } from "./report";

/** Indicators for which a provider should have answered but did not, all for the same reason. */
export interface Gap {
  readonly provider: string;
  readonly state: MissingLookup["kind"];
  /** Only for `open`: what the lookup waits for. */
  readonly cause?: "pending" | "quota" | "fault";
  readonly reason: string;
  readonly indicators: number;
  /** When a lookup will be possible, epoch milliseconds, if that is known. */
  readonly possibleAt?: number;
}

/** Indicators that a provider did not look up because it is switched off. */
export interface SwitchedOff {
  readonly provider: string;
  readonly indicators: readonly Indicator[];
  /** For people: what switches the provider off, or why it skips these indicators. */
  readonly reason: string;
}

type MissingLookup = Extract<Lookup, { kind: "open" | "notChecked" | "failed" | "notAnswered" }>;

/** Whether this lookup makes its indicator count as not checked. */
export function isMissing(lookup: Lookup): lookup is MissingLookup {
  return ["open", "notChecked", "failed", "notAnswered"].includes(lookup.kind);
}

/** One gap per provider and cause, in the order of the providers, the most frequent cause first. */
export function gapsOf({ providers, items }: RunReport): readonly Gap[] {
  return providers.flatMap(({ id, title }) => {
    const missing = items.flatMap(({ lookups: { [id]: lookup } }) =>
      lookup && isMissing(lookup) ? [lookup] : [],
    );
    return grouped(missing, (lookup) => JSON.stringify([lookup.kind, causeOf(lookup), lookup.reason]))
      .map((same) => gapFrom(title, same))
      .toSorted((a, b) => b.indicators - a.indicators);
  });
}

function gapFrom(provider: string, same: readonly [MissingLookup, ...MissingLookup[]]): Gap {
  const [{ kind: state, reason }] = same;
  const cause = causeOf(same[0]);
  const instants = same.flatMap((lookup) => (lookup.kind === "notChecked" ? (lookup.possibleAt ?? []) : []));
  return {
    provider,
    state,
    ...defined({ cause }),
    reason,
    indicators: same.length,
    ...(instants.length > 0 ? { possibleAt: Math.max(...instants) } : {}),
  };
}

function causeOf(lookup: MissingLookup): Gap["cause"] {
  return lookup.kind === "open" ? lookup.cause : undefined;
}

/** What was switched off, as far as it affects indicators of this report. */
export function switchedOffIn({ providers, items }: RunReport): readonly SwitchedOff[] {
  return providers.flatMap(({ id, title }) => {
    const off = items.flatMap(({ indicator, lookups: { [id]: lookup } }) =>
      lookup?.kind === "off" ? [{ indicator, reason: lookup.reason }] : [],
    );
    return grouped(off, ({ reason }) => reason).map((same) => ({
      provider: title,
      indicators: same.map(({ indicator }) => indicator),
      reason: same[0].reason,
    }));
  });
}

/** Sentences for operators about what was switched off, with the names of the settings. */
export function switchedOffTexts(report: RunReport): readonly string[] {
  const allowed = report.leftOut.filter(({ reason }) => reason === allowedReason);
  const listed = report.leftOut.filter(isOnWatchlist);
  return [
    ...switchedOffIn(report).map(
      ({ provider, indicators, reason }) =>
        `${provider} did not look up ${kindCounts(indicators).join(", ")}: ${reason}.`,
    ),
    ...(allowed.length > 0
      ? [`ALLOWED_INDICATORS keeps ${counted(allowed.length, "indicator")} from being looked up.`]
      : []),
    ...(listed.length > 0
      ? [`ALLOWED_WATCHLIST keeps ${counted(listed.length, "indicator")} from being looked up.`]
      : []),
  ];
}
