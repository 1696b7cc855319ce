import type { Answered } from "./client";
import { type Envelope, envelopeFrom } from "./wire";

/** What an answer says about an analysis. */
type AnalysisState =
  | { readonly kind: "running" }
  | { readonly kind: "finished"; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: "failed" }
  /** Unknown (404, `not_found`), or aged out (410): only a new analysis helps. */
  | { readonly kind: "gone" };

const running = ["created", "queued", "in_progress"];

/** Whether a `status` says that there will be more. */
export function isRunning(status: string): boolean {
  return running.includes(status);
}

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
const pathPattern = /^\/(?:analyses|url)\/(?!\.{1,2}$)[^/\\?#%\s]+$/;

export function isAnalysisPath(path: string): boolean {
  return path.length <= 200 && pathPattern.test(path);
}

/** The path of the analysis that an answer names, by path or, as in some conflicts, by id. */
export function analysisPathIn(body: Envelope, folder: "analyses" | "url"): string | undefined {
  const id = body.result?.analysis_id;
  const candidates = [body.result_url, typeof id === "string" ? `/${folder}/${id}` : undefined];
  return candidates.find((path) => path !== undefined && isAnalysisPath(path));
}
