import { weighedAnswers } from "../report/finding";
import type { ReportItem, RunReport } from "../report/report";
import { capitalised, cut, sentence } from "../text";

const maxLength = 160;
const mostFacts = 2;

/** The one or two most important facts beside the figures, and what is special about the indicator itself. Sentences. */
export function factsOf(report: RunReport, item: ReportItem): readonly string[] {
  const answers = weighedAnswers(report, item).map(({ answer }) => answer);
  // The first reason says the figure in words.
  const reasons = answers.flatMap((answer) => answer.reasons.slice(1));
  const contexts = answers.flatMap(({ context }) => context ?? []);
  // One of each, where both are there: the reasons of one provider must not crowd out what the thing is.
  const chosen = [...reasons.slice(0, 1), ...contexts, ...reasons.slice(1)].slice(0, mostFacts);
  return [...new Set([...chosen, ...aboutFragment(report, item), ...aboutIndicator(item)].map(asSentence))];
}

/** What follows `#` can decide which page opens: whose answer is about the page without it. */
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
