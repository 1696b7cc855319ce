import type { Attempt, Secret } from "../../domain/attempt";
import { nextUtcMidnight } from "../../domain/lookups/quota";
import { createHttpClient, type HttpAnswer, type HttpRequest } from "../http";
import { pauseSeconds } from "../http-response";
import { keyIdOf } from "../secrets";
import { refusalBodyFrom, tokenBody } from "./wire";

interface IntezerClientOptions {
  /** Base URL with version, e.g. `https://analyze.intezer.com/api/v2-0`. */
  readonly endpoint: string;
  readonly key: Secret;
  readonly userAgent: string;
  /** Milliseconds for all requests of one consultation or of one call of the triage service; default 18,000. */
  readonly timeoutMs?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** An answer is never a 401: this client handles it, with a new token or by rejecting the key. */
export type IntezerAnswer = HttpAnswer | NoAccess;
export type Answered = Extract<HttpAnswer, { kind: "answer" }>;

type NoAccess =
  /** The key is set nowhere. */
  | { readonly kind: "noKey"; readonly reason: string }
  /** Intezer does not accept the key, or the app may not read it. */
  | { readonly kind: "keyRejected"; readonly reason: string };

export interface IntezerClient {
  /** Base URL with version. */
  readonly endpoint: string;
  /** Which key it uses; see `Provider`. */
  keyId(): Promise<Attempt<string | undefined>>;
  /** Starts the time for requests that belong together. */
  timeLimit(): AbortSignal;
  /** Sends with a valid token; a fault when the limit ends before there is an answer. */
  send(request: Omit<HttpRequest, "signal" | "headers">, limit: AbortSignal): Promise<IntezerAnswer>;
}

interface Token {
  readonly kind: "token";
  readonly value: string;
  /** The key it was exchanged for. */
  readonly key: string;
  /** Epoch milliseconds. */
  readonly renewAt: number;
}

type Exchanged = Token | IntezerAnswer;

/** How long before its end a token is renewed, so that it does not expire during a call. */
const marginMs = 60_000;
/** The lifetime is not documented; a token without `expire_at` is kept for this long. */
const assumedLifetimeMs = 3_600_000;

/**
 * Sends requests to Intezer with one shared token. It is requested only once, however many requests wait for it. If the
 * token is refused, it is renewed once; if the new token, or the exchange, is refused too, the key is read again, and
 * counts as wrong only if it has not changed or is refused again.
 */
export function createIntezerClient(options: IntezerClientOptions): IntezerClient {
  const { endpoint, key: secret, userAgent, timeoutMs = 18_000, now } = options;
  const http = createHttpClient({ baseUrl: endpoint, timeoutMs, userAgent });
  let held: Token | undefined;
  let exchange: { readonly rereadsKey: boolean; readonly result: Promise<Exchanged> } | undefined;

  const keyRejected: NoAccess = {
    kind: "keyRejected",
    reason: `Intezer rejected the API key: check ${secret.setting}`,
  };

  const exchanged = async (rereadsKey: boolean, rejectedKey?: string): Promise<Exchanged> => {
    const read = await secret.read({ refresh: rereadsKey });
    if (read.kind === "again") return { kind: "fault", reason: read.reason };
    if (read.kind === "refused") return { kind: "keyRejected", reason: read.reason };
    const key = read.value;
    if (!key) return { kind: "noKey", reason: `Intezer has no API key: set ${secret.setting}` };
    if (key === rejectedKey) return keyRejected;
    const answer = await http({ method: "POST", path: "/get-access-token", json: { api_key: key } });
    const isRejected = answer.kind === "answer" && [400, 401, 403].includes(answer.status);
    if (isRejected) return rereadsKey ? keyRejected : exchanged(true, key);
    return tokenFrom(answer, key, now());
  };

  /** The shared token, unless it is the one that was refused; then, or when it ends soon, a new one. */
  const token = async (refused: Token | undefined, rereadsKey: boolean): Promise<Exchanged> => {
    if (held && held !== refused && now() < held.renewAt) return held;
    if (!exchange || (rereadsKey && !exchange.rereadsKey)) {
      const own = {
        rereadsKey,
        result: exchanged(rereadsKey, rereadsKey ? refused?.key : undefined).finally(() => {
          if (exchange === own) exchange = undefined;
        }),
      };
      exchange = own;
    }
    const result = await exchange.result;
    if (result.kind === "token") held = result;
    return result;
  };

  return {
    endpoint,
    keyId: () => keyIdOf(secret),
    timeLimit: () => AbortSignal.timeout(timeoutMs),
    async send(request, limit) {
      const tooLate = endOf(limit);
      let refused: Token | undefined;
      for (const rereadsKey of [false, false, true]) {
        const current = await Promise.race([token(refused, rereadsKey), tooLate]);
        if (current.kind !== "token") return current;
        const headers = { Authorization: `Bearer ${current.value}` };
        const answer = await http({ ...request, headers, signal: limit });
        if (answer.kind === "fault" || answer.status !== 401) return answer;
        refused = current;
      }
      return keyRejected;
    },
  };
}

/** Others may be waiting for the same token, so its exchange continues if one of them times out. */
function endOf(limit: AbortSignal): Promise<HttpAnswer> {
  return new Promise((end) => {
    const tooLate = () => end({ kind: "fault", reason: "no answer in time" });
    if (limit.aborted) tooLate();
    else limit.addEventListener("abort", tooLate, { once: true });
  });
}

/** Throttling is passed on; anything else but a token is a fault, so that it is not interpreted as an answer of a route. */
function tokenFrom(answer: HttpAnswer, key: string, now: number): Exchanged {
  if (answer.kind === "fault" || answer.status === 429) return answer;
  if (answer.status !== 200)
    return { kind: "fault", reason: `HTTP ${answer.status} instead of an access token` };
  const body = tokenBody.safeParse(answer.body);
  if (!body.success) return { kind: "fault", reason: "no access token in the answer" };
  const end = body.data.expire_at === undefined ? now + assumedLifetimeMs : body.data.expire_at * 1000;
  return { kind: "token", value: body.data.result, key, renewAt: end - marginMs };
}

/**
 * Why Intezer did not do what it was asked: an `Attempt` that failed, with what a lookup needs to know besides. The reason
 * contains no text of Intezer's.
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
