import { type Finding, isUnanswered } from "../report/finding";
import { isMissing } from "../report/gaps";
import type { Lookup, RunReport } from "../report/report";

/** What is missing: in words, and as counts of what the words do not cover. */
export interface Coverage {
  /** A sentence for each provider that answered nothing at all: "VirusTotal could not be queried." */
  readonly missing: readonly string[];
  /** Indicators without an answer from any provider, except those that `missing` explains. */
  readonly notChecked: number;
  /** The same, but still waiting for an answer. */
  readonly pending: number;
  /** Indicators for which some providers have not answered, except where `missing` explains it. */
  readonly partly: number;
  /** Indicators that no provider looks up. */
  readonly off: number;
}

/** How far the indicators are checked. */
export function coverageOf({ providers }: RunReport, findings: readonly Finding[]): Coverage {
  const silent = providers.flatMap(({ id, title }) => {
    const lookups = findings
      .flatMap(({ item }) => item.lookups[id] ?? [])
      .filter(({ kind }) => kind !== "off" && kind !== "noOpinion");
    return lookups.length > 0 && lookups.every(isMissing) ? [{ id, text: silenceText(title, lookups) }] : [];
  });
  const unexplained = ({ item }: Finding) =>
    Object.entries(item.lookups).flatMap(([id, lookup]) =>
      isMissing(lookup) && !silent.some((provider) => provider.id === id) ? [lookup] : [],
    );
  const incomplete = findings.filter((finding) => unexplained(finding).length > 0);
  const unanswered = incomplete.filter(isUnanswered);
  const pending = unanswered.filter((finding) => unexplained(finding).every(({ kind }) => kind === "open"));
  return {
    missing: silent.map(({ text }) => text),
    notChecked: unanswered.length - pending.length,
    pending: pending.length,
    partly: incomplete.length - unanswered.length,
    off: findings.filter(({ coverage }) => coverage === "off").length,
  };
}

function silenceText(title: string, lookups: readonly Lookup[]): string {
  const has = (...kinds: readonly Lookup["kind"][]) => lookups.some(({ kind }) => kinds.includes(kind));
  if (has("open")) return `${title}'s ${lookups.length === 1 ? "answer is" : "answers are"} pending.`;
  return has("failed", "notAnswered") ? `${title} did not answer.` : `${title} could not be queried.`;
}
