import type { Answer, Outcome } from "../../domain/provider";
import type { Verdict } from "../../domain/verdict";
import { foreignText } from "../foreign-text";
import { instantFrom } from "./date";
import { intezerLink } from "./link";
import { type FileResult, fileResult, type UrlResult, urlResult } from "./wire";

interface Reading {
  readonly verdict: Verdict;
  /** Cell of the comment's column. */
  readonly title: string;
  readonly trusted?: true;
}

/** Verdicts of files and URLs. Intezer may add some: these are shown as they are, and are never clean. */
const readings: ReadonlyMap<string, Reading> = new Map([
  ["malicious", { verdict: "malicious", title: "Malicious" }],
  ["suspicious", { verdict: "suspicious", title: "Suspicious" }],
  ["unknown", { verdict: "unknown", title: "Unknown" }],
  ["neutral", { verdict: "clean", title: "Neutral" }],
  ["no_threats", { verdict: "clean", title: "No threats" }],
  ["trusted", { verdict: "clean", title: "Trusted", trusted: true }],
]);

/** Outcome of a finished file analysis; `undefined` when its result is unreadable. */
export function fileOutcomeFrom(result: unknown): Outcome | undefined {
  const parsed = fileResult.safeParse(result);
  if (!parsed.success) return undefined;
  const file = parsed.data;
  const link = intezerLink(file.analysis_url);
  if (file.verdict.toLowerCase() !== "not_supported")
    return { kind: "answered", answer: fileAnswer(file, link) };
  const reason = "Intezer does not analyse files of this type";
  return { kind: "notKnown", reason, ...(link ? { link } : {}) };
}

/** Outcome of a finished URL analysis; `undefined` when its result is unreadable. */
export function urlOutcomeFrom(result: unknown): Outcome | undefined {
  const parsed = urlResult.safeParse(result);
  return parsed.success ? { kind: "answered", answer: urlAnswer(parsed.data) } : undefined;
}

function fileAnswer(file: FileResult, link: string | undefined): Answer {
  const reading = readingOf(file.verdict);
  const isBad = reading.verdict === "malicious" || reading.verdict === "suspicious";
  // The "family" of a trusted file is the vendor of the software.
  const family = isBad ? foreignText(file.family_name, 40) : undefined;
  const name = foreignText(file.file_name, 60);
  const verdict = `${verdictText(file.verdict, file.sub_verdict)}${family ? `, family ${family}` : ""}`;
  return fitted({
    ...verdictOf(reading),
    reasons: [`Verdict ${verdict}.`],
    summary: family ? `${reading.title}: ${family}` : reading.title,
    ...source(file, link),
    ...(name ? { name } : {}),
  });
}

function urlAnswer(url: UrlResult): Answer {
  const { verdict_type, verdict_name, title, description } = url.summary;
  const reading = readingOf(verdict_type, title);
  const finer = isFiner(verdict_name, verdict_type) ? foreignText(spaced(verdict_name), 40) : undefined;
  const explanation = foreignText(description, 150);
  return fitted({
    ...verdictOf(reading),
    reasons: [
      `Verdict ${verdictText(verdict_type, verdict_name)}.`,
      ...(explanation ? [endingInStop(explanation)] : []),
      ...indicatorReasons(url.indicators),
    ],
    summary: finer ? `${reading.title}: ${finer}` : reading.title,
    ...source(url, intezerLink(url.analysis_url)),
  });
}

function indicatorReasons(indicators: UrlResult["indicators"]): string[] {
  return ["malicious", "suspicious"].flatMap((classification) =>
    indicators
      .filter((indicator) => indicator.classification?.toLowerCase() === classification)
      .flatMap((indicator) => foreignText(indicator.text, 80) ?? [])
      .filter((text) => text.toLowerCase() !== classification)
      .slice(0, 2)
      .map((text) => `Found ${classification}: ${endingInStop(text)}`),
  );
}

/** An unknown verdict keeps the service's own words, and its title where it has one. */
function readingOf(verdict: string, title?: string): Reading {
  return (
    readings.get(verdict.toLowerCase()) ?? {
      verdict: "unknown",
      title: foreignText(title, 40) ?? foreignText(verdict, 40) ?? "Unknown",
    }
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

/** E.g. "malicious (known malicious)"; the finer word only where it says more. */
function verdictText(verdict: string, finer: string | undefined): string {
  const known = readings.has(verdict.toLowerCase());
  const text = known ? spaced(verdict.toLowerCase()) : `"${foreignText(verdict, 40) ?? ""}"`;
  return isFiner(finer, verdict) ? `${text} (${foreignText(spaced(finer), 40) ?? ""})` : text;
}

function isFiner(finer: string | undefined, verdict: string): finer is string {
  return finer !== undefined && /\S/.test(finer) && finer.toLowerCase() !== verdict.toLowerCase();
}

function spaced(word: string): string {
  return word.replaceAll("_", " ");
}

function endingInStop(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

const longestAnswerBytes = 1024;

/** Drops the least important reasons until the answer has its size; every part alone is short enough. */
function fitted(answer: Answer): Answer {
  const fits = Buffer.byteLength(JSON.stringify(answer)) <= longestAnswerBytes;
  return fits || answer.reasons.length <= 1
    ? answer
    : fitted({ ...answer, reasons: answer.reasons.slice(0, -1) });
}
