import { weighedAnswers } from "../report/finding";
import type { ReportItem, RunReport } from "../report/report";
import { capitalised, cut, sentence } from "../text";

const maxLength = 160;
const mostFacts = 2;

/** Sentences: the one or two most important facts besides the figures, and anything special about the indicator itself. */
export function factsOf(report: RunReport, item: ReportItem): readonly string[] {
  const answers = weighedAnswers(report, item).map(({ answer }) => answer);
  // The first reason says the figure in words.
  const reasons = answers.flatMap((answer) => answer.reasons.slice(1));
  const contexts = answers.flatMap(({ context }) => context ?? []);
  // One reason and one context, if there are both: a provider's reasons must not crowd out what the indicator is.
  const chosen = [...reasons.slice(0, 1), ...contexts, ...reasons.slice(1)].slice(0, mostFacts);
  return [...new Set([...chosen, ...aboutFragment(report, item), ...aboutIndicator(item)].map(asSentence))];
}

/** The fragment can decide which page opens: names the providers whose answers are about the URL without it. */
function aboutFragment(
  { providers }: RunReport,
  { indicator: { fragment, fragmentWithheld }, lookups }: ReportItem,
): readonly string[] {
  if (fragmentWithheld) return ["The part after # was not looked up"];
  if (fragment === undefined) return [];
  const without = providers.filter(
    ({ id, readsFragments }) => !readsFragments && ["answered", "notKnown"].includes(lookups[id]?.kind ?? ""),
  );
  const titles = without.map(({ title }) => title);
  return titles.length > 0 ? [`The part after # was not looked up in ${titles.join(", ")}`] : [];
}

function aboutIndicator({ indicator: { byFingerprint, safeLink } }: ReportItem): readonly string[] {
  return [
    ...(byFingerprint ? ["Private: only the fingerprint (SHA-256) was sent"] : []),
    ...(safeLink === undefined ? [] : [`From the Safe Link ${safeLink}`]),
  ];
}

const asSentence = (fact: string) => sentence(capitalised(cut(fact, maxLength)));
