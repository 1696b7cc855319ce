import { defined } from "../../domain/json";
import type { Verdict } from "../../domain/verdict";
import type { Attributes } from "./wire";

/** The opinion of Google Threat Intelligence, which only keys with its licence can see. */
export interface GtiOpinion {
  /** In plain words, e.g. "benign"; absent if there is none. */
  readonly verdict?: string;
  readonly severity?: string;
  /** 0 to 100. */
  readonly score?: number;
  /** Its verdict is unreadable or undocumented. */
  readonly unreadable?: true;
}

/** Each of the three may be missing. */
export function gtiOpinionIn({ gti_assessment: gti }: Attributes): GtiOpinion | undefined {
  const written = gti?.verdict === "unreadable" ? gti.verdict : gti?.verdict?.value;
  const verdict = wordOf(verdicts, written);
  const severity = wordOf(severities, gti?.severity?.value);
  const score = gti?.threat_score?.value;
  const opinion = {
    ...defined({ verdict, severity, score }),
    ...(written && verdict === undefined ? { unreadable: true as const } : {}),
  };
  return Object.keys(opinion).length > 0 ? opinion : undefined;
}

const verdicts = ["benign", "undetected", "suspicious", "malicious", "unknown"];
const severities = ["none", "low", "medium", "high", "unknown"];

/** "benign" for `verdict_benign`; `undefined` for undocumented words. */
function wordOf(words: readonly string[], value: string | undefined): string | undefined {
  const word = value?.replace(/^(verdict|severity)_/, "");
  return words.find((each) => each === word);
}

/** Only bad opinions count as verdicts: `benign` never clears an indicator, and the other words have no verdict. */
export function verdictOfGti(opinion: GtiOpinion | undefined): Verdict {
  const verdict = opinion?.verdict;
  return verdict === "malicious" || verdict === "suspicious" ? verdict : "unknown";
}

/** "benign, severity none, score 1 of 100". */
export function gtiText({ verdict, severity, score, unreadable }: GtiOpinion): string {
  return [
    verdict ?? (unreadable ? "verdict not readable" : "no verdict"),
    ...(severity === undefined ? [] : [`severity ${severity}`]),
    ...(score === undefined ? [] : [`score ${score} of 100`]),
  ].join(", ");
}
