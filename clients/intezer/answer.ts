import type { FileHashes } from "../../domain/indicators/indicator";
import { defined } from "../../domain/json";
import type { Answer, Outcome } from "../../domain/lookups/provider";
import { sentence } from "../../domain/text";
import { isBad, worstOf } from "../../domain/verdict";
import { fileNamesFrom, untrustedText } from "../untrusted-text";
import { fileCard, urlCard } from "./card";
import {
  type Assessment,
  assess,
  assessBoth,
  contraryTo,
  isFiner,
  isKnown,
  spaced,
  urlFindings,
  verdictText,
} from "./verdict";
import { type FileDetails, type FileResult, fileResult, type UrlResult, urlResult } from "./wire";
import { instantFrom, intezerLink, wordKey } from "./wire-values";

export type FileOutcome = Extract<Outcome, { readonly kind: "answered" | "notKnown" }>;

/** Outcome of a finished file analysis; `undefined` when its result is unreadable. */
export function fileOutcomeFrom(result: unknown, details: FileDetails = {}): FileOutcome | undefined {
  const file = fileResult.safeParse(result).data;
  if (!file) return undefined;
  const link = intezerLink(file.analysis_url);
  const hashes = hashesOf(file, details);
  if (wordKey(file.verdict ?? "") !== "not_supported")
    return { kind: "answered", answer: fileAnswer(file, details, { link, hashes }) };
  const reason = "Intezer does not analyse files of this type";
  return { kind: "notKnown", reason, ...defined({ link, hashes }) };
}

/** Outcome of a finished URL analysis; `undefined` when its result is unreadable. */
export function urlOutcomeFrom(result: unknown): Outcome | undefined {
  const url = urlResult.safeParse(result).data;
  return url && { kind: "answered", answer: urlAnswer(url) };
}

interface FileFacts {
  readonly link: string | undefined;
  readonly hashes: FileHashes | undefined;
}

function fileAnswer(file: FileResult, details: FileDetails, { link, hashes }: FileFacts): Answer {
  const assessment = assessBoth(file.verdict, file.sub_verdict);
  // The "family" of a trusted file is the vendor of the software.
  const family = isBad(assessment.verdict) ? untrustedText(file.family_name, 40) : undefined;
  const [name] = fileNamesFrom([file.file_name, details.metadata?.original_filename], 60);
  const verdict = `${verdictText(file.verdict, file.sub_verdict)}${family ? `, family ${family}` : ""}`;
  const answer: Answer = {
    ...verdictOf(assessment),
    reasons: [`Verdict ${verdict}.`],
    summary: [assessment.title, finerText(file), family].filter(Boolean).join(", "),
    ...defined({ link, assessedAt: instantFrom(file.analysis_time), name, hashes }),
  };
  return { ...fitted(answer), ...defined({ card: fileCard(file, family, details) }) };
}

/** "inconclusive", "administration tool"; `undefined` for "known malicious", which only repeats the verdict. */
function finerText({ verdict = "", sub_verdict: finer }: FileResult): string | undefined {
  const isSame = !isFiner(finer, verdict) || wordKey(finer).includes(wordKey(verdict));
  if (isSame || !isKnown(verdict)) return undefined;
  return untrustedText(spaced(finer), 40);
}

/** The hashes that Intezer gives. Those in the details count only if they belong to the same file. */
function hashesOf(file: FileResult, { metadata }: FileDetails): FileHashes | undefined {
  const { md5, sha1, sha256 = file.sha256 } = metadata ?? {};
  const isSame = file.sha256 === undefined || file.sha256 === sha256;
  const hashes = defined(isSame ? { md5, sha1, sha256 } : { sha256: file.sha256 });
  return Object.keys(hashes).length > 0 ? hashes : undefined;
}

function urlAnswer(url: UrlResult): Answer {
  const { verdict_type, verdict_name, title, description } = url.summary;
  const assessment = assessBoth(verdict_type, verdict_name, title);
  const finer = isFiner(verdict_name, verdict_type) ? untrustedText(spaced(verdict_name), 40) : undefined;
  const explanation = untrustedText(description, 150);
  const download = assess(url.downloaded_file?.analysis_summary.verdict_type);
  const delivers = isBad(download.verdict) ? `downloads a ${download.verdict} file` : undefined;
  // A harmless-looking page is still as bad as what it delivers.
  const verdict = delivers ? worstOf([assessment.verdict, download.verdict]) : undefined;
  const contrary = isBad(verdict ?? assessment.verdict) ? undefined : contraryTo(url);
  const isMore = finer && wordKey(finer) !== wordKey(assessment.title);
  const shown = isMore ? `${assessment.title}, ${finer}` : assessment.title;
  const verdictReason = verdictText(verdict_type, verdict_name);
  const answer: Answer = {
    ...verdictOf(assessment),
    ...defined({ verdict }),
    reasons: [
      sentence(`Verdict ${verdictReason}${delivers ? `, and it ${delivers}` : ""}`),
      // Bad files and URLs have a card.
      ...(isBad(verdict ?? assessment.verdict)
        ? []
        : [
            ...urlFindings(url, contrary ? ["suspicious"] : ["malicious", "suspicious"]),
            ...(explanation && assessment.verdict === "unknown" ? [sentence(explanation)] : []),
          ]),
    ],
    summary: [shown, delivers, contrary && `but ${contrary}`].filter(Boolean).join(", "),
    ...defined({ link: intezerLink(url.analysis_url), assessedAt: instantFrom(url.analysis_time) }),
  };
  return { ...fitted(answer), ...defined({ card: urlCard(url) }) };
}

function verdictOf({ verdict, trusted }: Assessment): Pick<Answer, "verdict" | "trusted"> {
  return { verdict, ...defined({ trusted }) };
}

const longestAnswerBytes = 1024;

/** Drops the least important reasons until the answer fits; each part alone is short enough. */
function fitted(answer: Answer): Answer {
  const fits = Buffer.byteLength(JSON.stringify(answer)) <= longestAnswerBytes;
  return fits || answer.reasons.length <= 1
    ? answer
    : fitted({ ...answer, reasons: answer.reasons.slice(0, -1) });
}
