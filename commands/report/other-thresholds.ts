import { type Thresholds, type ThresholdsByKind, verdictByCount } from "../../clients/virustotal/thresholds";
import { type IndicatorKind, indicatorKinds } from "../../domain/indicators/indicator";
import { grouped } from "../../domain/text";
import { isBad, type Verdict, worstOf } from "../../domain/verdict";
import {
  type ClosedIncident,
  type Flags,
  maliciousOnly,
  maliciousOrSuspicious,
  type RecordedLookup,
} from "./closed-incident";
import { type Figures, figuresOf } from "./figures";

/** What one number of a threshold setting would have made of the incidents. */
interface Variant {
  readonly value: number;
  readonly isCurrent: boolean;
  /** Absent for a number that the settings do not allow. */
  readonly figures?: Figures;
}

/** One number of a threshold setting, with one less and one more. */
export interface ThresholdVariants {
  readonly setting: "VIRUSTOTAL_MALICIOUS_FROM" | "VIRUSTOTAL_SUSPICIOUS_FROM";
  /** Kinds that have this number; a setting can have several. */
  readonly kinds: readonly IndicatorKind[];
  readonly variants: readonly Variant[];
}

const settings = [
  { setting: "VIRUSTOTAL_MALICIOUS_FROM", threshold: "maliciousFrom", flags: maliciousOnly },
  { setting: "VIRUSTOTAL_SUSPICIOUS_FROM", threshold: "suspiciousFrom", flags: maliciousOrSuspicious },
] as const;

/** Each threshold is judged by the verdict that it decides: whether an incident is malicious, or at least suspicious. */
export function otherThresholds(
  incidents: readonly ClosedIncident[],
  now: ThresholdsByKind,
): readonly ThresholdVariants[] {
  return settings.flatMap(({ setting, threshold, flags }) =>
    grouped(indicatorKinds, (kind) => String(now[kind][threshold])).map((kinds) => {
      const current = now[kinds[0]][threshold];
      const variants = [current - 1, current, current + 1].map((value): Variant => {
        const then = withThreshold(now, kinds, { [threshold]: value });
        const figures = isAllowed(then) ? recount(incidents, { now, then }, flags) : undefined;
        return { value, isCurrent: value === current, ...(figures && { figures }) };
      });
      return { setting, kinds, variants };
    }),
  );
}

interface Change {
  readonly now: ThresholdsByKind;
  readonly then: ThresholdsByKind;
}

function withThreshold(
  now: ThresholdsByKind,
  kinds: readonly IndicatorKind[],
  changed: Partial<Thresholds>,
): ThresholdsByKind {
  const entries = kinds.map((kind) => [kind, { ...now[kind], ...changed }]);
  return { ...now, ...Object.fromEntries(entries) };
}

const isAllowed = (thresholds: ThresholdsByKind) =>
  Object.values(thresholds).every(
    ({ maliciousFrom, suspiciousFrom }) => suspiciousFrom >= 1 && suspiciousFrom <= maliciousFrom,
  );

function recount(incidents: readonly ClosedIncident[], change: Change, flags: Flags): Figures {
  const then = incidents.map((incident) => ({ ...incident, verdict: incidentVerdictThen(incident, change) }));
  return figuresOf(then, flags);
}

/** What the thresholds do not decide keeps its verdict: an incident that Intezer's triage made worse, for instance. */
function incidentVerdictThen({ verdict, lookups }: ClosedIncident, change: Change): Verdict {
  const indicators = grouped(lookups, ({ kind, indicator }) => `${kind} ${indicator}`);
  const before = worstOf(lookups.map(({ indicatorVerdict }) => indicatorVerdict));
  const then = worstOf(indicators.map((group) => indicatorVerdictThen(group, change)));
  if (then === before || then === undefined) return verdict;
  const isDecidedHere = verdict === before || !isBad(verdict);
  if (!isDecidedHere) return worstOf([verdict, then]) ?? verdict;
  return isBad(then) ? then : "unknown";
}

function indicatorVerdictThen(
  lookups: readonly [RecordedLookup, ...RecordedLookup[]],
  change: Change,
): Verdict {
  const [{ indicatorVerdict: recorded }] = lookups;
  const before = lookups.flatMap(({ verdict }) => verdict ?? []);
  const then = lookups.flatMap((lookup) => lookupVerdictThen(lookup, change) ?? []);
  if (before.join() === then.join()) return recorded;
  const worst = worstOf(then) ?? recorded;
  const isWorstOfAll = worstOf(before) === recorded;
  return isWorstOfAll || isBad(worst) ? worst : recorded;
}

function lookupVerdictThen(lookup: RecordedLookup, { now, then }: Change): Verdict | undefined {
  const { kind, verdict } = lookup;
  const counts = countsOf(lookup);
  if (verdict === undefined || !counts) return verdict;
  const before = verdictByCount(counts, now[kind]);
  const after = verdictByCount(counts, then[kind]);
  if (before === after) return verdict;
  // A source that vouches for the file clears everything but what is malicious.
  if (isVouchedFor(lookup, now)) return after === "malicious" ? after : verdict;
  if (verdict === before || !isBad(verdict)) return after ?? "unknown";
  // Something else made it worse than the engines did.
  return worstOf([verdict, ...(after ? [after] : [])]);
}

/** Counts that only VirusTotal's answers have. */
function countsOf({ provider, detections, suspicious }: RecordedLookup) {
  return provider === "virustotal" && detections !== undefined
    ? { malicious: detections, suspicious: suspicious ?? 0 }
    : undefined;
}

/** Better than its engines: nothing but a source that knows the file does that. */
function isVouchedFor(lookup: RecordedLookup, now: ThresholdsByKind): boolean {
  const counts = countsOf(lookup);
  if (!counts || lookup.verdict === undefined || isBad(lookup.verdict)) return false;
  const byCount = verdictByCount(counts, now[lookup.kind]);
  return byCount !== undefined || (lookup.verdict === "clean" && counts.malicious + counts.suspicious > 0);
}

/** What other evidence than the number of engines decided, so that no threshold changes it, or only upwards. */
export interface DecidedOtherwise {
  readonly lookups: number;
  readonly incidents: readonly ClosedIncident[];
}

export function decidedOtherwise(
  incidents: readonly ClosedIncident[],
  now: ThresholdsByKind,
): DecidedOtherwise {
  const lookups = incidents
    .flatMap((incident) => incident.lookups)
    .filter((lookup) => {
      const counts = countsOf(lookup);
      if (!counts || lookup.verdict === undefined) return false;
      const byCount = verdictByCount(counts, now[lookup.kind]);
      return isBad(lookup.verdict) ? lookup.verdict !== byCount : isVouchedFor(lookup, now);
    });
  const byMore = incidents.filter(
    ({ verdict, lookups: known }) =>
      isBad(verdict) && worstOf(known.map(({ indicatorVerdict }) => indicatorVerdict)) !== verdict,
  );
  return { lookups: lookups.length, incidents: byMore };
}
