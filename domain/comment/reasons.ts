import { labelOf } from "../indicators/label";
import { type Finding, type WeighedAnswer, weighedAnswers } from "../report/finding";
import type { RunReport } from "../report/report";
import { verdictOfTriage } from "../report/triage";
import { cut, listed, sentence, withoutSubject } from "../text";
import { type Verdict, verdicts } from "../verdict";

const mostReasons = 5;
const maxReasonLength = 300;

/** A sentence and what makes it more important than another one. */
interface Reason {
  readonly verdict: Verdict;
  /** 0 for the first thing that a provider says about an indicator, then 1, 2, ... */
  readonly round: number;
  readonly text: string;
}

/**
 * Why the incident has its verdict, at most five sentences: first what was found, else what could not be told. Every
 * bad indicator gets a first sentence before one gets a second. `findings` are sorted, worst first.
 */
export function reasonsOf(report: RunReport, findings: readonly Finding[]): readonly string[] {
  const all = [...findings.flatMap((finding) => reasonsOfFinding(report, finding)), ...triageReasons(report)];
  const bad = all.filter(({ verdict }) => isBad(verdict));
  const kept = bad.length > 0 ? bad : all;
  return kept
    .toSorted((a, b) => a.round - b.round || verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict))
    .slice(0, mostReasons)
    .map(({ text }) => cut(text, maxReasonLength));
}

/** What those providers say that made the verdict or were outweighed; nothing about what all call clean. */
function reasonsOfFinding(report: RunReport, finding: Finding): readonly Reason[] {
  const answers = weighedAnswers(report, finding.item);
  const label = labelOf(finding.item.indicator);
  const toReason = (provider: string, reason: string, round: number): Reason => ({
    verdict: finding.verdict,
    round,
    text: `${provider} on ${label}: ${sentence(reason)}`,
  });
  const answered = answers
    .filter(({ verdict, answer }) => verdict === finding.verdict && answer.verdict !== "clean")
    .flatMap((weighed) =>
      weighed.answer.reasons.map((reason, round) =>
        toReason(
          weighed.provider,
          round === 0 ? sentence(reason) + objection(weighed, answers) : reason,
          round,
        ),
      ),
    );
  const notKnown = report.providers.flatMap(({ id, title }) => {
    const lookup = finding.item.lookups[id];
    return lookup?.kind === "notKnown" ? [toReason(title, withoutSubject(lookup.reason, title), 0)] : [];
  });
  return finding.verdict === "unknown" ? [...answered, ...notKnown] : answered;
}

/** Who says otherwise about the same indicator. */
function objection({ verdict, answer }: WeighedAnswer, answers: readonly WeighedAnswer[]): string {
  if (verdict !== answer.verdict) {
    const trusting = answers.filter((other) => other.answer.trusted);
    return ` ${whoSays(trusting, "knows", "know")} it as good, which outweighs this.`;
  }
  const clearing = answers.filter((other) => other.verdict === "clean");
  return clearing.length > 0 && isBad(verdict)
    ? ` The providers disagree: ${whoSays(clearing, "calls", "call")} it clean.`
    : "";
}

/** "Intezer knows", "Intezer, VirusTotal know". */
function whoSays(answers: readonly WeighedAnswer[], one: string, many: string): string {
  const titles = answers.map(({ provider }) => provider);
  return `${listed(titles, 3)} ${titles.length === 1 ? one : many}`;
}

function isBad(verdict: Verdict): boolean {
  return verdict === "malicious" || verdict === "suspicious";
}

function triageReasons({ triage: state }: RunReport): readonly Reason[] {
  if (state.kind !== "taken") return [];
  const { triage } = state;
  const family = triage.family ? `, family ${triage.family}` : "";
  const text = `Intezer's triage of the incident: ${sentence(triage.verdictTitle + family)}`;
  return [{ verdict: verdictOfTriage(triage), round: 0, text }];
}
