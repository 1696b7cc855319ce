import { isMissing } from "../report/gaps";
import type { RunReport } from "../report/report";
import type { Summary } from "../report/summary";
import { type Triage, verdictOfTriage } from "../report/triage";
import { counted, listed } from "../text";
import { instantText } from "../time";
import { isBad, type Verdict, verdicts } from "../verdict";
import { verdictTitles } from "./headline";

/** The sentences below the headline: what a merge brought, what has changed, and that the triage disagrees. */
export function leadOf(report: RunReport, summary: Summary): readonly string[] {
  return [...mergeText(report), ...changesText(report), ...triageDisagreement(report, summary)];
}

/** Those of an update; `reopened` is the report with only what the update is about. Says so also when nothing came. */
export function updateLead(report: RunReport, { items }: RunReport): readonly string[] {
  const lookups = items.flatMap((item) => Object.values(item.lookups)).filter(({ kind }) => kind !== "off");
  const added = items.filter(({ before }) => before === undefined).length;
  const outcome = [
    ...addedText(added),
    ...outcomeText(lookups.length, lookups.filter(isMissing).length, added),
  ];
  return [...mergeText(report), ...changesText(report), ...(outcome.length > 0 ? [outcome.join(" ")] : [])];
}

/**
 * Those of an addendum. `about`: number of the incident that the triage is about, where that was merged into this one;
 * `before`: the verdict that the incident's tags show so far.
 */
export function addendumLead(
  triage: Triage,
  about: number | undefined,
  before: Verdict | undefined,
): readonly string[] {
  return [
    ...(about === undefined ? [] : [resultOfMergedText(about)]),
    ...(before === undefined ? [] : raisedText(verdictOfTriage(triage), before)),
  ];
}

/** Which incidents the findings are about, where a merge has brought them here. */
function mergeText({ incident, mergedInto, mergedFrom = [] }: RunReport): readonly string[] {
  if (mergedInto !== undefined) return [resultOfMergedText(incident.number)];
  if (mergedFrom.length === 0) return [];
  const numbers = listed(mergedFrom.map(String), mostNumbers);
  const subject = mergedFrom.length === 1 ? `Incident ${numbers} was` : `Incidents ${numbers} were`;
  return [`${subject} merged into this one. The alerts that have moved here so far are included.`];
}

const mostNumbers = 10;

/** For a comment about an incident that was merged into the one that has the comment. */
function resultOfMergedText(number: number): string {
  return `This is about incident ${number}, which was merged into this one.`;
}

/** In a run again. */
function changesText({ changes, triage }: RunReport): readonly string[] {
  if (!changes) return [];
  const isNew = changes.triage && triage.kind === "taken" && !triage.isElsewhere;
  const parts = [...changes.indicators, ...(isNew ? ["Intezer's triage of the incident"] : [])];
  return parts.length > 0
    ? [`Changed since the run of ${instantText(changes.since)}: ${parts.join("; ")}.`]
    : [];
}

/** Triage and lookups disagree: one calls the incident a threat and the other one harmless. */
function triageDisagreement({ triage: state }: RunReport, { findings }: Summary): readonly string[] {
  if (state.kind !== "taken" || findings.length === 0) return [];
  const verdict = verdictOfTriage(state.triage);
  if (verdict === "clean" && findings.some((finding) => isBad(finding.verdict)))
    return [`Intezer's triage disagrees: ${state.triage.verdictTitle}.`];
  if (isBad(verdict) && findings.every((finding) => finding.verdict === "clean"))
    return ["The lookups disagree: they call every indicator clean."];
  return [];
}

function addedText(added: number): readonly string[] {
  if (added === 0) return [];
  return [
    `${counted(added, "indicator")} ${added === 1 ? "has" : "have"} been added to the incident since the first comment.`,
  ];
}

function outcomeText(open: number, missing: number, added: number): readonly string[] {
  if (open === 0) return [];
  const since = added > 0 ? " and new" : "";
  const subject = `The ${open === 1 ? "" : `${open} `}open${since} ${open === 1 ? "lookup" : "lookups"}`;
  if (missing === 0) return [`${subject} ${open === 1 ? "has" : "have"} been answered.`];
  if (missing === open) return [`${subject} ${open === 1 ? "has" : "have"} not been answered.`];
  const come = open - missing;
  return [`${come} of the ${open} open${since} lookups ${come === 1 ? "has" : "have"} been answered.`];
}

/** A triage can raise the verdict of the incident, but never lower it. */
function raisedText(verdict: Verdict, before: Verdict): readonly string[] {
  if (verdicts.indexOf(verdict) < verdicts.indexOf(before))
    return [
      `This changes the verdict of the incident from "${verdictTitles[before]}" to "${verdictTitles[verdict]}".`,
    ];
  return verdict === "clean" && isBad(before)
    ? [`The verdict of the incident remains "${verdictTitles[before]}".`]
    : [];
}
