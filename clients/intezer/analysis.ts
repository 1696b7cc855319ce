import type { Indicator } from "../../domain/indicators/indicator";
import { defined } from "../../domain/json";
import type { Outcome } from "../../domain/lookups/provider";
import { isBad as isBadVerdict } from "../../domain/verdict";
import type { HttpRequest } from "../http";
import { type FileOutcome, fileOutcomeFrom, urlOutcomeFrom } from "./answer";
import type { Answered, Asked } from "./client";
import {
  behaviours,
  codeReuse,
  type Envelope,
  envelopeFrom,
  type FileDetails,
  fileResult,
  isRunning,
  metadata,
  refusalBodyFrom,
} from "./wire";

/** The differences between analyses of files and of URLs. */
export interface AnalysisKind {
  /** The setting that switches it on. */
  readonly setting: string;
  /** Where its analyses are read. */
  readonly folder: "analyses" | "url";
  /** Why the indicator must not be sent to Intezer, although its kind is analysed. */
  readonly withheldReason: (indicator: Indicator) => string | undefined;
  /** The request for the latest result, if there is such a route. */
  readonly latest?: (indicator: Indicator) => HttpRequest;
  /** The request that starts an analysis. */
  readonly submission: (indicator: Indicator) => HttpRequest;
  readonly reading: Asked;
  readonly submitting: Asked;
  /** `undefined` when the result is unreadable, or is another file's. What `read` does not bring is left out. */
  readonly outcomeFrom: (indicator: Indicator, result: unknown, read: Read) => Promise<Outcome | undefined>;
  /** The outcome if a refused submission says something about the indicator itself. */
  readonly outcomeOfSubmission: (answer: Answered) => Outcome | undefined;
}

export const fileAnalysis: AnalysisKind = {
  setting: "INTEZER_FILES",
  folder: "analyses",
  withheldReason: () => undefined,
  latest: ({ value }) => ({ method: "GET", path: `/files/${value}` }),
  submission: ({ value }) => ({
    method: "POST",
    path: "/analyze-by-hash",
    json: { hash: value, requester: "microsoft_sentinel" },
  }),
  reading: { to: "read analyses of files", isSubmit: false },
  submitting: { to: "analyse files by hash", isSubmit: true },
  async outcomeFrom({ value }, result, read) {
    const outcome = fileOutcomeFrom(result);
    if (outcome === undefined || isOfAnotherFile(outcome, value)) return undefined;
    const isBad = outcome.kind === "answered" && isBadVerdict(outcome.answer.verdict);
    return isBad ? fileOutcomeFrom(result, await readDetails(result, read)) : outcome;
  },
  outcomeOfSubmission({ status }) {
    if (status === 404) return notKnown("Intezer has no copy of the file");
    if (status === 413) return notKnown("The file is too large for Intezer");
    return undefined;
  },
};

/** MD5 and SHA-1 are not in a result, so only a SHA-256 can be compared. */
function isOfAnotherFile(outcome: FileOutcome, hash: string): boolean {
  const { sha256 } = (outcome.kind === "answered" ? outcome.answer.hashes : outcome.hashes) ?? {};
  return hash.length === 64 && sha256 !== undefined && sha256 !== hash.toLowerCase();
}

export const urlAnalysis: AnalysisKind = {
  setting: "INTEZER_URLS",
  folder: "url",
  withheldReason: ({ byFingerprint }) =>
    byFingerprint
      ? "private URLs are not sent (setting URL_DETAIL), and Intezer has no lookup by fingerprint"
      : undefined,
  submission: ({ value, fragment = "" }) => ({
    method: "POST",
    path: "/url",
    // Intezer opens the page, and what follows # can decide which page that is.
    json: { url: value + fragment, source: "microsoft_sentinel" },
  }),
  reading: { to: "read analyses of URLs", isSubmit: false },
  submitting: { to: "analyse URLs", isSubmit: true },
  outcomeFrom: async (_, result) => urlOutcomeFrom(result),
  outcomeOfSubmission({ status, body }) {
    if (status !== 400) return undefined;
    const { text, fields, isUrlOffline } = refusalBodyFrom(body);
    if (isUrlOffline) return offline;
    const isAboutUrl = fields.length > 0 ? fields.includes("url") : text !== "" && !isAboutRequest(text);
    if (!isAboutUrl) return undefined;
    return fields.length > 0 || isAboutForm(text) ? unopenable : offline;
  },
};

const offline = notKnown("The URL was offline when Intezer opened it");
const unopenable = notKnown("Intezer cannot open a URL of this form");

/**
 * A 400 is about the URL unless it says that it is about the request. Intezer has many texts for a page that it cannot
 * reach, none of them published; its SDK knows "Invalid url" and the flag for offline pages.
 */
function isAboutRequest(text: string): boolean {
  const isRefused = /\b(invalid|bad|malformed) request\b|\brequest (is|was) (not valid|invalid|malformed)\b/i;
  const isOfCaller =
    /\b(field|parameter|payload|json|api key|access token|account|quota|rate limit|permissions?|licen[cs]e)\b/i;
  return isRefused.test(text) || isOfCaller.test(text);
}

function isAboutForm(text: string): boolean {
  return /\b(invalid|bad|malformed|not valid|unsupported|not supported|missing|scheme|protocol)\b/i.test(
    text,
  );
}

function notKnown(reason: string): Outcome {
  return { kind: "notKnown", reason };
}

/** What an answer says about an analysis. */
type AnalysisState =
  | { readonly kind: "running" }
  | { readonly kind: "finished"; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: "failed" }
  /** Unknown (404, `not_found`), or aged out (410): only a new analysis helps. */
  | { readonly kind: "gone" };

const failed = ["failed", "error", "expired"];

/**
 * Reads answers of `/analyses/{id}`, `/url/{id}` and `/files/{hash}`. A running analysis answers with 202, with 409 (older
 * versions), or with 200 and its `status`; `undefined` if the answer is something else.
 */
export function analysisStateFrom(answer: Answered): AnalysisState | undefined {
  const { status = "", result } = envelopeFrom(answer.body);
  if (answer.status === 404 || answer.status === 410) return { kind: "gone" };
  if (answer.status === 202 || answer.status === 409) return { kind: "running" };
  if (answer.status !== 200) return undefined;
  if (isRunning(status)) return { kind: "running" };
  if (failed.includes(status)) return { kind: "failed" };
  if (status === "not_found") return { kind: "gone" };
  return result && { kind: "finished", result };
}

/** Only relative paths of analyses: the token is sent nowhere else. */
const analysisPath = /^\/(?:analyses|url)\/(?!\.{1,2}$)[^/\\?#%\s]+$/;

export function isAnalysisPath(path: string): boolean {
  return path.length <= 200 && analysisPath.test(path);
}

/** The path of the analysis that an answer names, by path or, as in some conflicts, by id. */
export function analysisPathIn(body: Envelope, folder: "analyses" | "url"): string | undefined {
  const id = body.result?.analysis_id;
  const candidates = [body.result_url, typeof id === "string" ? `/${folder}/${id}` : undefined];
  return candidates.find((path) => path !== undefined && isAnalysisPath(path));
}

/** Reads the body at a path; `undefined` if there is none. Never throws. */
type Read = (path: string) => Promise<unknown>;

/**
 * Details of a finished analysis. Reading by id costs no quota. Details that the plan does not include (403), that do not
 * exist (404, 409) or that cannot be read are omitted: they never change a verdict.
 */
export async function readDetails(result: unknown, read: Read): Promise<FileDetails> {
  const analysis = `/analyses/${fileResult.safeParse(result).data?.analysis_id ?? ""}`;
  if (!isAnalysisPath(analysis)) return {};
  const [reuse, ttps, root] = await Promise.all([
    read(`${analysis}/sub-analyses/root/code-reuse`),
    read(`${analysis}/dynamic-ttps`),
    read(`${analysis}/sub-analyses/root/metadata`),
  ]);
  return defined({
    codeReuse: codeReuse.safeParse(reuse).data,
    behaviours: behaviours.safeParse(ttps).data?.result,
    metadata: metadata.safeParse(root).data,
  });
}
