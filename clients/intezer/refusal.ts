import { nextUtcMidnight } from "../../domain/lookups/quota";
import { pauseSeconds } from "../retry-after";
import type { IntezerAnswer } from "./client";
import { envelopeFrom } from "./wire";

/** Why Intezer did not do what it was asked to, whatever that was. The reason holds no foreign text. */
export type Refusal =
  | { readonly kind: "noKey"; readonly reason: string }
  | { readonly kind: "keyRejected"; readonly reason: string }
  /** `possibleAt`: epoch milliseconds at which the quota turns over. */
  | { readonly kind: "quotaSpent"; readonly reason: string; readonly possibleAt: number }
  | { readonly kind: "rightMissing"; readonly reason: string }
  | { readonly kind: "throttled"; readonly reason: string; readonly afterSeconds: number }
  | { readonly kind: "fault"; readonly reason: string; readonly afterSeconds: number }
  | { readonly kind: "refused"; readonly reason: string };

export interface Asked {
  /** What was asked for, e.g. "analyse files by hash": completes "may not ...". */
  readonly to: string;
  /** It starts an analysis, so that a 403 without a known text means quota (rule of Intezer's SDK). */
  readonly isSubmit: boolean;
}

const faultWaitSeconds = 5;

/** Reads an answer that is none of those its route promises. */
export function refusalFrom(answer: IntezerAnswer, asked: Asked, now: number): Refusal {
  if (answer.kind === "noKey" || answer.kind === "keyRejected") return answer;
  if (answer.kind === "fault") {
    const reason = `Intezer gave no usable answer: ${answer.reason}`;
    return { kind: "fault", reason, afterSeconds: faultWaitSeconds };
  }
  const { status, headers } = answer;
  if (status === 403) return forbidden(envelopeFrom(answer.body).error ?? "", asked, now);
  if (status === 429) {
    const reason = "Intezer allows no more requests for now (HTTP 429)";
    return { kind: "throttled", reason, afterSeconds: pauseSeconds(headers, now, untilReset(headers, now)) };
  }
  if (status >= 400 && status < 500)
    return { kind: "refused", reason: `Intezer refused to ${asked.to} (HTTP ${status})` };
  const reason = status < 300 ? "Intezer's answer was not readable" : `Intezer answered with HTTP ${status}`;
  return { kind: "fault", reason, afterSeconds: pauseSeconds(headers, now, faultWaitSeconds) };
}

/** One status for two causes: the text tells them apart, as far as it is known. */
function forbidden(error: string, asked: Asked, now: number): Refusal {
  const isQuota = /quota/i.test(error) || (asked.isSubmit && !/permission/i.test(error));
  if (isQuota) {
    const possibleAt = nextUtcMidnight(now);
    return { kind: "quotaSpent", reason: "The quota of the Intezer account is spent (HTTP 403)", possibleAt };
  }
  const reason = `The Intezer account may not ${asked.to}: its plan or role lacks the right (HTTP 403)`;
  return { kind: "rightMissing", reason };
}

/** Seconds; `X-RateLimit-Reset` is an instant in epoch seconds, fractional (Intezer's SDK). */
function untilReset(headers: Readonly<Record<string, string>>, now: number): number {
  const reset = Number(headers["x-ratelimit-reset"]?.trim() || Number.NaN);
  return Number.isFinite(reset) ? reset - now / 1000 : 60;
}
