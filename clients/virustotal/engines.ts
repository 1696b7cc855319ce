import type { Attributes } from "./wire";

/** How many engines said what. */
export interface EngineCounts {
  readonly malicious: number;
  readonly suspicious: number;
  readonly harmless: number;
  readonly undetected: number;
  readonly timedOut: number;
  /** False where a count is unreadable or `malicious` is missing: the real counts may be higher. */
  readonly complete: boolean;
}

/** Engines that call it malicious or suspicious. */
export const detecting = ({ malicious, suspicious }: EngineCounts) => malicious + suspicious;

/** Engines that answered: they did not time out or fail, and could read the type. */
export const answered = (counts: EngineCounts) => detecting(counts) + counts.harmless + counts.undetected;

const nothing: EngineCounts = {
  malicious: 0,
  suspicious: 0,
  harmless: 0,
  undetected: 0,
  timedOut: 0,
  complete: true,
};

/**
 * What the engines say, by `last_analysis_stats`, or by `last_analysis_results` if the statistics are unusable or have
 * fewer detections than the results. A recorded report may list fewer results than its statistics count.
 */
export function enginesIn(attributes: Attributes): EngineCounts {
  const byStats = countsFromStats(attributes);
  const byResults = countsFromResults(attributes);
  if (!byStats || !byResults) return byStats ?? byResults ?? nothing;
  const hasMore =
    byResults.malicious > byStats.malicious ||
    detecting(byResults) > detecting(byStats) ||
    (!byStats.complete && detecting(byResults) === detecting(byStats));
  return hasMore ? byResults : byStats;
}

function countsFromStats({ last_analysis_stats: stats }: Attributes): EngineCounts | undefined {
  if (stats === undefined) return undefined;
  const { malicious, suspicious = 0, harmless = 0, undetected = 0 } = stats;
  const isNumber = (counter: unknown) => typeof counter === "number";
  return {
    malicious: numberOf(malicious),
    suspicious: numberOf(suspicious),
    harmless: numberOf(harmless),
    undetected: numberOf(undetected),
    timedOut: numberOf(stats.timeout) + numberOf(stats["confirmed-timeout"]),
    complete: [malicious, suspicious, harmless, undetected].every(isNumber),
  };
}

const numberOf = (counter: number | "unreadable" | undefined) => (typeof counter === "number" ? counter : 0);

/** Categories that say nothing about the indicator. */
const withoutOpinion = ["timeout", "confirmed-timeout", "failure", "type-unsupported"];

function countsFromResults({ last_analysis_results: results = {} }: Attributes): EngineCounts | undefined {
  const categories = Object.values(results).map((result) => result?.category);
  if (categories.length === 0) return undefined;
  const count = (...wanted: readonly string[]) =>
    categories.filter((category) => category !== undefined && wanted.includes(category)).length;
  const counts = {
    malicious: count("malicious"),
    suspicious: count("suspicious"),
    harmless: count("harmless"),
    undetected: count("undetected"),
    timedOut: count("timeout", "confirmed-timeout"),
    complete: true,
  };
  return { ...counts, complete: answered(counts) + count(...withoutOpinion) === categories.length };
}
