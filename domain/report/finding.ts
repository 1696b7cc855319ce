import type { Indicator, IndicatorKind } from "../indicators/indicator";
import { shownValueOf } from "../indicators/shown-value";
import type { Answer } from "../lookups/provider";
import { type Verdict, worstOf } from "../verdict";
import { isMissing } from "./gaps";
import type { Lookup, RunReport } from "./report";

/** What all providers together say about one indicator. */
export interface Finding {
  /** Position in the report's indicators and in every provider's lookups. */
  readonly index: number;
  readonly kind: IndicatorKind;
  /** As it may be shown: it stands in the output of the run. */
  readonly value: string;
  readonly verdict: Verdict;
  /**
   * `notChecked`: a provider that should have answered did not (yet). `off`: nobody was asked, because nobody is to be
   * asked about this kind.
   */
  readonly coverage: "checked" | "notChecked" | "off";
  /** One provider calls it malicious or suspicious, another one clean. */
  readonly disputed: boolean;
}

/** An answer, with the provider that gave it and what it counts for beside the other answers. */
export interface WeighedAnswer {
  readonly provider: string;
  readonly answer: Answer;
  readonly verdict: Verdict;
}

function isAsked(lookup: Lookup): boolean {
  return lookup.kind !== "off" && lookup.kind !== "notAsked";
}

export function findingOf(report: RunReport, indicator: Indicator, index: number): Finding {
  const lookups = report.providers.flatMap((share) => share.lookups[index] ?? []);
  const verdicts = weighedAnswers(report, index).map(({ verdict }) => verdict);
  return {
    index,
    kind: indicator.kind,
    value: shownValueOf(indicator),
    verdict: worstOf(verdicts) ?? "unknown",
    coverage: lookups.some(isMissing) ? "notChecked" : lookups.some(isAsked) ? "checked" : "off",
    disputed:
      verdicts.includes("clean") && (verdicts.includes("malicious") || verdicts.includes("suspicious")),
  };
}

/** The answers about one indicator. A weak finding counts as clean where another provider vouches for the thing. */
export function weighedAnswers({ providers }: RunReport, index: number): readonly WeighedAnswer[] {
  const answers = providers.flatMap(({ title, lookups }) => {
    const lookup = lookups[index];
    return lookup?.kind === "answered" ? [{ provider: title, answer: lookup.answer }] : [];
  });
  return answers.map(({ provider, answer }) => {
    const isOutweighed =
      answer.weak && answers.some((other) => other.answer !== answer && other.answer.trusted);
    return { provider, answer, verdict: isOutweighed ? "clean" : answer.verdict };
  });
}
