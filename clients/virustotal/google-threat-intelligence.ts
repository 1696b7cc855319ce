import { defined } from "../../domain/json";
import type { Verdict } from "../../domain/verdict";
import type { Attributes } from "./wire";

/** The opinion of Google Threat Intelligence, which only keys with its licence get to see. */
export interface GtiOpinion {
  /** In plain words, e.g. "benign"; absent when it names none. */
  readonly verdict?: string;
  readonly severity?: string;
  /** 0 to 100. */
  readonly score?: number;
  /** It names a verdict that cannot be read, or that the documentation does not have. */
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

/** "benign" of `verdict_benign`; nothing of a word that the documentation does not have. */
function wordOf(words: readonly string[], value: string | undefined): string | undefined {
  const word = value?.replace(/^(verdict|severity)_/, "");
  return words.find((each) => each === word);
}

/** Only what is bad is a verdict of ours: `benign` never clears an indicator, and the other words carry no verdict. */
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
