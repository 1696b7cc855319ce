import { Readable } from "node:stream";
import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { type Attempt, again } from "../domain/attempt";
import { jsonFrom } from "../domain/json";
import { faultReasonOf } from "./fault-reason";
import type { HttpAnswer } from "./http";
import { bytesOf, needsNoBody, retryAfterSeconds } from "./http-response";

/** Our own codes, in addition to Node's, for failures before anything is sent. */
const otherOrigin = "OTHER_ORIGIN";
const noToken = "NO_TOKEN";

const faultReasons: Readonly<Record<string, string>> = {
  [otherOrigin]: "an answer pointed to another host, which was not followed",
  [noToken]: "no Azure token: the app's managed identity (on a laptop, `az login`) did not provide one",
};

/** The entities of an incident with 150 alerts are smaller; a larger answer is neither read nor parsed. */
const maxAnswerBytes = 16 * 1024 * 1024;

/** The SDKs' policy that sends the token, and refuses plain HTTP with any credential. */
export const tokenPolicy = { name: "bearerTokenAuthenticationPolicy" };

/** True for plain HTTP to this machine: a simulator, which gets no token. */
export function isLoopback(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === "http:" && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/**
 * The options for every client of an Azure SDK: no retries (the orchestrator does the waiting), and no requests to any
 * origin but the endpoint's. Throws for plain HTTP to another machine.
 */
export function azureClientOptions(endpoint: string) {
  const { origin, protocol } = new URL(endpoint);
  if (protocol !== "https:" && !isLoopback(endpoint)) throw new Error(`${origin} has to be https.`);
  return {
    allowInsecureConnection: isLoopback(endpoint),
    retryOptions: { maxRetries: 0 },
    httpClient: boundTo(origin),
  };
}

/**
 * Sends to one origin only. This is the last step before the wire, so it also applies to `nextLink` and to redirects, which
 * the SDKs follow as given. A simulator is not reached through the machine's proxy.
 */
function boundTo(origin: string): HttpClient {
  const direct = isLoopback(origin);
  // Loaded with the first request: the pipeline takes an eighth of the app's cold start, and loads the SDKs.
  const load = async () => (await import("@azure/core-rest-pipeline")).createDefaultHttpClient();
  let loading: ReturnType<typeof load> | undefined;
  return {
    async sendRequest(request) {
      if (new URL(request.url).origin !== origin)
        throw coded("The request is for another origin.", otherOrigin);
      if (direct) delete request.agent;
      loading ??= load();
      return limited(await loading, request);
    },
  };
}

/** The SDKs read answers of any size into memory, and lose the status of an answer that they cannot read to its end. */
async function limited(inner: HttpClient, request: PipelineRequest): Promise<PipelineResponse> {
  const { streamResponseStatusCodes } = request;
  request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
  const response = await inner.sendRequest(request).finally(() => {
    // The SDKs do not parse an answer that is requested as a stream.
    if (streamResponseStatusCodes) request.streamResponseStatusCodes = streamResponseStatusCodes;
    else delete request.streamResponseStatusCodes;
  });
  const { readableStreamBody: stream, ...withoutBody } = response;
  if (!stream) return response;
  return { ...withoutBody, bodyAsText: await textOf(Readable.from(stream), response.status) };
}

async function textOf(stream: Readable, status: number): Promise<string> {
  try {
    return (await bytesOf(stream, maxAnswerBytes)).toString("utf8");
  } catch (error) {
    if (needsNoBody(status)) return "";
    throw error;
  }
}

const coded = (message: string, code: string) => Object.assign(new Error(message), { code });

/** The credential for an endpoint: a failure to get a token has its own code, and a simulator needs no token. */
export function credentialFor(endpoint: string, credential: TokenCredential): TokenCredential {
  if (isLoopback(endpoint)) return { getToken: async () => null };
  return {
    async getToken(scopes, options) {
      try {
        return await credential.getToken(scopes, options);
      } catch {
        throw coded("There is no token.", noToken);
      }
    },
  };
}

/** Understood by the calls of all Azure SDKs. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
  readonly onResponse: (
    response: Pick<PipelineResponse, "status" | "bodyAsText"> & {
      readonly headers: Pick<PipelineResponse["headers"], "toJSON">;
    },
  ) => void;
}

/** For an SDK that ignores per-call options: each call gets its own client, whose HTTP layer applies them. */
export function withCallOptions(inner: HttpClient, { abortSignal, onResponse }: CallOptions): HttpClient {
  return {
    async sendRequest(request) {
      request.abortSignal = abortSignal;
      const response = await inner.sendRequest(request);
      onResponse(response);
      return response;
    },
  };
}

/**
 * Makes one request through an SDK and returns how it ended; never throws. The answer is what was on the wire: the SDKs'
 * models lose fields and damage others (`additionalData` of entities), and their errors contain the request.
 */
export async function exchange(
  signal: AbortSignal,
  call: (options: CallOptions) => Promise<unknown>,
): Promise<HttpAnswer> {
  let answer: HttpAnswer | undefined;
  const onResponse: CallOptions["onResponse"] = (response) => {
    answer = {
      kind: "answer",
      status: response.status,
      headers: response.headers.toJSON(),
      body: jsonFrom(response.bodyAsText),
    };
  };
  try {
    // A credential may ignore the signal, so the wait ends with the signal in any case.
    await Promise.race([call({ abortSignal: signal, onResponse }), abortionOf(signal)]);
  } catch (error) {
    return answer ?? { kind: "fault", reason: faultReason(error) };
  }
  return answer ?? { kind: "fault", reason: faultReasonOf(undefined) };
}

function abortionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function faultReason(error: unknown): string {
  const name = error instanceof Error ? error.name : undefined;
  if (name === "AbortError" || name === "TimeoutError") return faultReasonOf("ETIMEDOUT");
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  return faultReasons[code ?? ""] ?? faultReasonOf(code);
}

/** For failures that may be temporary: no answer, throttling, a fault of the service. `undefined` for any other answer. */
export function passingFailure(service: string, answer: HttpAnswer): Attempt<never> | undefined {
  if (answer.kind === "fault") return again(`${service}: ${answer.reason}.`);
  if (answer.status < 500 && answer.status !== 408 && answer.status !== 429) return undefined;
  const afterSeconds = retryAfterSeconds(answer.headers, Date.now());
  const reason =
    answer.status === 429
      ? `${service} is throttling this app (HTTP 429).`
      : `${service} answered HTTP ${answer.status}.`;
  return again(reason, afterSeconds);
}
