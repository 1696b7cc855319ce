import { nextUtcMidnight } from "../../domain/lookups/quota";
import { pauseSeconds } from "../retry-after";
import type { IntezerAnswer } from "./client";
import { refusalBodyFrom } from "./wire";

/**
 * Why Intezer refused a request: a failed `Attempt`, with more information for lookups. The reason contains no text from
 * Intezer.
 */
export type Refusal =
  | {
      readonly kind: "again";
      /** `quota`: Intezer allows no more requests for now. */
      readonly cause: "quota" | "fault";
      readonly reason: string;
      readonly afterSeconds: number;
    }
  | {
      readonly kind: "refused";
      readonly reason: string;
      readonly cause?: "key" | "quota" | "right";
      /** Epoch milliseconds at which the quota turns over. */
      readonly possibleAt?: number;
      /** There is no key: Intezer is not used. */
      readonly isOff?: true;
    };

export interface Asked {
  /** What was requested, e.g. "analyse files by hash": completes "may not ...". */
  readonly to: string;
  /** It starts an analysis; then a 403 without a known text means quota (rule of Intezer's SDK). */
  readonly isSubmit: boolean;
}

const faultWaitSeconds = 5;

export function faultOf(reason: string, afterSeconds = faultWaitSeconds): Refusal {
  return { kind: "again", cause: "fault", reason, afterSeconds };
}

/** Interprets an answer that the route itself does not handle. */
export function refusalFrom(answer: IntezerAnswer, asked: Asked, now: number): Refusal {
  switch (answer.kind) {
    case "noKey":
      return { kind: "refused", reason: answer.reason, isOff: true };
    case "keyRejected":
      return { kind: "refused", cause: "key", reason: answer.reason };
    case "fault":
      return faultOf(`Intezer gave no usable answer: ${answer.reason}`);
  }
  const { status, headers } = answer;
  if (status === 403) return forbidden(refusalBodyFrom(answer.body).text, asked, now);
  if (status === 429) {
    const reason = "Intezer allows no more requests for now (HTTP 429)";
    const afterSeconds = pauseSeconds(headers, now, untilReset(headers, now));
    return { kind: "again", cause: "quota", reason, afterSeconds };
  }
  if (status >= 400 && status < 500)
    return { kind: "refused", reason: `Intezer refused to ${asked.to} (HTTP ${status})` };
  return faultOf(faultText(status), pauseSeconds(headers, now, faultWaitSeconds));
}

function faultText(status: number): string {
  if (status < 300) return "Intezer's answer could not be read";
  if (status < 400)
    return `Intezer's answer redirects to another URL (HTTP ${status}), which is not followed: check INTEZER_ENDPOINT`;
  return `Intezer answered with HTTP ${status}`;
}

/** A 403 has two causes, which only the text distinguishes. */
function forbidden(error: string, asked: Asked, now: number): Refusal {
  const text = error.toLowerCase();
  const isQuota = text.includes("quota") || (asked.isSubmit && !text.includes("permission"));
  if (isQuota) {
    const reason = "The quota of the Intezer account is used up (HTTP 403)";
    return { kind: "refused", cause: "quota", reason, possibleAt: nextUtcMidnight(now) };
  }
  const reason = `The Intezer account may not ${asked.to}: its plan or role lacks the permission (HTTP 403)`;
  return { kind: "refused", cause: "right", reason };
}

/** Seconds; `X-RateLimit-Reset` is an instant in epoch seconds, fractional (Intezer's SDK). */
function untilReset(headers: Readonly<Record<string, string>>, now: number): number {
  const reset = Number(headers["x-ratelimit-reset"]?.trim() || Number.NaN);
  return Number.isFinite(reset) ? reset - now / 1000 : 60;
}
