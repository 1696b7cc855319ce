import type { Answer, Card, Outcome } from "../../domain/lookups/provider";
import { sentence } from "../../domain/text";
import { worstOf } from "../../domain/verdict";
import { untrustedText } from "../untrusted-text";
import { fileCard, urlCard } from "./card";
import { instantFrom } from "./date";
import type { FileDetails } from "./details";
import { intezerLink } from "./link";
import { isBad, isFiner, type Reading, readingOf, spaced, verdictText } from "./verdict";
import { type FileResult, fileResult, type UrlResult, urlResult } from "./wire";

/** Outcome of a finished file analysis; `undefined` when its result is unreadable. */
export function fileOutcomeFrom(result: unknown, details: FileDetails = {}): Outcome | undefined {
  const parsed = fileResult.safeParse(result);
  if (!parsed.success) return undefined;
  const file = parsed.data;
  const link = intezerLink(file.analysis_url);
  if (file.verdict.toLowerCase() !== "not_supported")
    return { kind: "answered", answer: fileAnswer(file, link, details) };
  const reason = "Intezer does not analyse files of this type";
  return { kind: "notKnown", reason, ...(link ? { link } : {}) };
}

/** Outcome of a finished URL analysis; `undefined` when its result is unreadable. */
export function urlOutcomeFrom(result: unknown): Outcome | undefined {
  const parsed = urlResult.safeParse(result);
  return parsed.success ? { kind: "answered", answer: urlAnswer(parsed.data) } : undefined;
}

function fileAnswer(file: FileResult, link: string | undefined, details: FileDetails): Answer {
  const reading = readingOf(file.verdict);
  // The "family" of a trusted file is the vendor of the software.
  const family = isBad(reading) ? untrustedText(file.family_name, 40) : undefined;
  const name = untrustedText(file.file_name, 60);
  const verdict = `${verdictText(file.verdict, file.sub_verdict)}${family ? `, family ${family}` : ""}`;
  const answer: Answer = {
    ...verdictOf(reading),
    reasons: [`Verdict ${verdict}.`],
    summary: family ? `${reading.title}: ${family}` : reading.title,
    ...source(file, link),
    ...(name ? { name } : {}),
  };
  return withCard(fitted(answer), fileCard(file, family, details));
}

function urlAnswer(url: UrlResult): Answer {
  const { verdict_type, verdict_name, title, description } = url.summary;
  const reading = readingOf(verdict_type, title);
  const finer = isFiner(verdict_name, verdict_type) ? untrustedText(spaced(verdict_name), 40) : undefined;
  const explanation = untrustedText(description, 150);
  const download = readingOf(url.downloaded_file?.analysis_summary.verdict_type ?? "");
  const delivers = isBad(download) ? `downloads a ${download.verdict} file` : undefined;
  const told = finer ? `${reading.title}: ${finer}` : reading.title;
  const answer: Answer = {
    ...verdictOf(reading),
    // Whatever the page looks like: it is as bad as what it delivers.
    ...(delivers ? { verdict: worstOf([reading.verdict, download.verdict]) ?? reading.verdict } : {}),
    reasons: [
      ...(delivers ? [sentence(`It ${delivers}`)] : []),
      `Verdict ${verdictText(verdict_type, verdict_name)}.`,
      ...(explanation ? [sentence(explanation)] : []),
      ...indicatorReasons(url.indicators),
    ],
    summary: delivers ? `${told}, ${delivers}` : told,
    ...source(url, intezerLink(url.analysis_url)),
  };
  return withCard(fitted(answer), urlCard(url));
}

function indicatorReasons(indicators: UrlResult["indicators"]): string[] {
  return ["malicious", "suspicious"].flatMap((classification) =>
    indicators
      .filter((indicator) => indicator.classification?.toLowerCase() === classification)
      .flatMap((indicator) => untrustedText(indicator.text, 80) ?? [])
      .filter((text) => text.toLowerCase() !== classification)
      .slice(0, 2)
      .map((text) => `Found ${classification}: ${sentence(text)}`),
  );
}

function verdictOf(reading: Reading): Pick<Answer, "verdict" | "trusted"> {
  return { verdict: reading.verdict, ...(reading.trusted ? { trusted: true } : {}) };
}

function source(
  result: { readonly analysis_time?: string | undefined },
  link: string | undefined,
): Pick<Answer, "link" | "assessedAt"> {
  const assessedAt = instantFrom(result.analysis_time);
  return { ...(link ? { link } : {}), ...(assessedAt === undefined ? {} : { assessedAt }) };
}

function withCard(answer: Answer, card: Card | undefined): Answer {
  return card ? { ...answer, card } : answer;
}

const longestAnswerBytes = 1024;

/** Drops the least important reasons until the answer has its size; every part alone is short enough. */
function fitted(answer: Answer): Answer {
  const fits = Buffer.byteLength(JSON.stringify(answer)) <= longestAnswerBytes;
  return fits || answer.reasons.length <= 1
    ? answer
    : fitted({ ...answer, reasons: answer.reasons.slice(0, -1) });
}
