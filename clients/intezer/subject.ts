import type { Outcome } from "../../domain/lookups/provider";
import type { HttpRequest } from "../http";
import { fileOutcomeFrom, urlOutcomeFrom } from "./answer";
import type { Answered } from "./client";
import { type Read, readDetails } from "./details";
import type { Asked } from "./refusal";
import { envelopeFrom } from "./wire";

/** What differs between the analyses of files and of URLs. */
export interface Subject {
  /** The setting that switches it on. */
  readonly setting: string;
  /** Where its analyses are read. */
  readonly folder: "analyses" | "url";
  /** Reads the latest result, where there is such a route. */
  readonly latest?: (value: string) => HttpRequest;
  /** Starts an analysis. */
  readonly submission: (value: string) => HttpRequest;
  readonly reading: Asked;
  readonly submitting: Asked;
  /** `undefined` when the result is unreadable. What `read` does not bring is left out. */
  readonly outcomeFrom: (result: unknown, read: Read) => Promise<Outcome | undefined>;
  /** What a refused submission says about the thing itself. */
  readonly outcomeOfSubmission: (answer: Answered) => Outcome | undefined;
}

export const file: Subject = {
  setting: "INTEZER_FILES",
  folder: "analyses",
  latest: (hash) => ({ method: "GET", path: `/files/${hash}` }),
  submission: (hash) => ({
    method: "POST",
    path: "/analyze-by-hash",
    json: { hash, requester: "microsoft_sentinel" },
  }),
  reading: { to: "read analyses of files", isSubmit: false },
  submitting: { to: "analyse files by hash", isSubmit: true },
  async outcomeFrom(result, read) {
    const outcome = fileOutcomeFrom(result);
    const verdict = outcome?.kind === "answered" ? outcome.answer.verdict : undefined;
    if (verdict !== "malicious" && verdict !== "suspicious") return outcome;
    return fileOutcomeFrom(result, await readDetails(result, read));
  },
  outcomeOfSubmission({ status }) {
    if (status === 404) return notKnown("Intezer has no copy of the file");
    if (status === 413) return notKnown("The file is too large for Intezer");
    return undefined;
  },
};

export const url: Subject = {
  setting: "INTEZER_URLS",
  folder: "url",
  submission: (address) => ({
    method: "POST",
    path: "/url",
    json: { url: address, source: "microsoft_sentinel" },
  }),
  reading: { to: "read analyses of URLs", isSubmit: false },
  submitting: { to: "analyse URLs", isSubmit: true },
  outcomeFrom: async (result) => urlOutcomeFrom(result),
  outcomeOfSubmission({ status, body }) {
    if (status !== 400) return undefined;
    const { error, result } = envelopeFrom(body);
    if (result?.is_url_offline === true) return notKnown("The URL was offline when Intezer opened it");
    if (/\b(invalid|bad) url\b/i.test(error ?? "")) return notKnown("Intezer cannot open a URL of this form");
    return undefined;
  },
};

function notKnown(reason: string): Outcome {
  return { kind: "notKnown", reason };
}
