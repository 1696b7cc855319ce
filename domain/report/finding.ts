import type { Answer } from "../lookups/provider";
import { type Verdict, worstOf } from "../verdict";
import { isMissing } from "./gaps";
import type { ReportItem, RunReport } from "./report";

/** What all providers together say about one indicator. */
export interface Finding {
  readonly item: ReportItem;
  readonly verdict: Verdict;
  /** `notChecked`: a provider that should have answered has not done so (yet). `off`: no provider that could clear it looks it up. */
  readonly coverage: "checked" | "notChecked" | "off";
  /** One provider calls it malicious or suspicious, another one clean. */
  readonly disputed: boolean;
}

/** An answer, with the title of its provider and the verdict that it counts as, given the other answers. */
export interface WeighedAnswer {
  readonly provider: string;
  readonly answer: Answer;
  readonly verdict: Verdict;
}

export function findingOf(report: Pick<RunReport, "providers">, item: ReportItem): Finding {
  const lookups = Object.values(item.lookups);
  const verdicts = weighedAnswers(report, item).map(({ verdict }) => verdict);
  const isAsked = lookups.some(({ kind }) => kind !== "off" && kind !== "noOpinion");
  return {
    item,
    verdict: worstOf(verdicts) ?? "unknown",
    coverage: lookups.some(isMissing) ? "notChecked" : isAsked ? "checked" : "off",
    disputed:
      verdicts.includes("clean") && (verdicts.includes("malicious") || verdicts.includes("suspicious")),
  };
}

/** Whether no provider has answered for it, so that its verdict means nothing. */
export function isUnanswered({ item, coverage }: Finding): boolean {
  const lookups = Object.values(item.lookups);
  return coverage !== "checked" && !lookups.some(({ kind }) => kind === "answered" || kind === "notKnown");
}

/** The answers about one indicator. A weak finding counts as clean if another provider vouches for the indicator. */
export function weighedAnswers(
  { providers }: Pick<RunReport, "providers">,
  { lookups }: ReportItem,
): readonly WeighedAnswer[] {
  const answers = providers.flatMap(({ id, title }) => {
    const lookup = lookups[id];
    return lookup?.kind === "answered" ? [{ provider: title, answer: lookup.answer }] : [];
  });
  return answers.map(({ provider, answer }) => {
    const isOutweighed =
      answer.weak && answers.some((other) => other.answer !== answer && other.answer.trusted);
    return { provider, answer, verdict: isOutweighed ? "clean" : answer.verdict };
  });
}
