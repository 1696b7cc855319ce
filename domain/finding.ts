import { isMissing } from "./gap";
import type { Indicator, IndicatorKind } from "./indicator";
import type { Answer } from "./provider";
import type { LookUp, RunReport } from "./run-report";
import { type Verdict, worstOf } from "./verdict";

/** What all providers together say about one indicator. */
export interface Finding {
  /** Position in the report's indicators and in every provider's look-ups. */
  readonly index: number;
  readonly kind: IndicatorKind;
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

function isAsked(lookUp: LookUp): boolean {
  return lookUp.kind !== "off" && lookUp.kind !== "notAsked";
}

export function findingOf(report: RunReport, { kind, value }: Indicator, index: number): Finding {
  const lookUps = report.providers.flatMap((share) => share.lookUps[index] ?? []);
  const verdicts = weighedAnswers(report, index).map(({ verdict }) => verdict);
  return {
    index,
    kind,
    value,
    verdict: worstOf(verdicts) ?? "unknown",
    coverage: lookUps.some(isMissing) ? "notChecked" : lookUps.some(isAsked) ? "checked" : "off",
    disputed:
      verdicts.includes("clean") && (verdicts.includes("malicious") || verdicts.includes("suspicious")),
  };
}

/** The answers about one indicator. A weak finding counts as clean where another provider vouches for the thing. */
export function weighedAnswers({ providers }: RunReport, index: number): readonly WeighedAnswer[] {
  const answers = providers.flatMap(({ title, lookUps }) => {
    const lookUp = lookUps[index];
    return lookUp?.kind === "answered" ? [{ provider: title, answer: lookUp.answer }] : [];
  });
  return answers.map(({ provider, answer }) => {
    const isOutweighed =
      answer.weak && answers.some((other) => other.answer !== answer && other.answer.trusted);
    return { provider, answer, verdict: isOutweighed ? "clean" : answer.verdict };
  });
}
