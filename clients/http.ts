import type { Readable } from "node:stream";
import axios, { type AxiosInstance, type AxiosResponse } from "axios";
import { defined, jsonFrom } from "../domain/json";
import { faultReasonOf } from "./fault-reason";
import { acceptedEncodings, bytesOf, decodedBody, needsNoBody } from "./http-response";

interface HttpOptions {
  readonly baseUrl: string;
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs: number;
  /** Product and version, e.g. `sentinel-incident-enricher/1.0.0`. */
  readonly userAgent: string;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Relative to the base URL, beginning with `/`; its parts are already encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; also with GET, which Intezer wants. */
  readonly json?: unknown;
  /** JSON text, sent unchanged instead of `json`. */
  readonly jsonText?: string;
  /** Ends the exchange earlier, for several exchanges that share one time limit. */
  readonly signal?: AbortSignal;
}

/** Header names are lower case. `body` is the parsed JSON, `undefined` when the body is empty or something else. */
export type HttpAnswer =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
    }
  /** No usable answer: refused, reset, timed out, cut off or too large. The reason names no URL and no header. */
  | { readonly kind: "fault"; readonly reason: string };

export type HttpClient = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * The largest captured report has 1.1 MB (VirusTotal); anything above this is not a report. Applies to the compressed and
 * to the decompressed answer, both before it is parsed.
 */
const maxAnswerBytes = 8 * 1024 * 1024;

/**
 * The only way to a service over HTTP: every status is an answer, every failure to get one is a fault, nothing is thrown.
 * Redirects are not followed, since they would send the key to another host.
 */
export function createHttpClient(options: HttpOptions): HttpClient {
  const client: AxiosInstance = axios.create({
    baseURL: options.baseUrl,
    timeout: options.timeoutMs,
    maxRedirects: 0,
    proxy: false,
    // axios drops the status of an answer whose body is cut off, too large or not compressed as its label says.
    responseType: "stream",
    decompress: false,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
    headers: {
      Accept: "application/json",
      "Accept-Encoding": acceptedEncodings,
      "User-Agent": options.userAgent,
    },
  });
  return async (request) => {
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    try {
      const data = request.jsonText ?? JSON.stringify(request.json);
      const response = await client.request<Readable>({
        method: request.method,
        url: request.path,
        signal,
        headers: {
          ...request.headers,
          ...(data === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...defined({ data }),
      });
      return await answerFrom(response, signal);
    } catch (error) {
      return { kind: "fault", reason: faultReasonOf(codeOf(error)) };
    }
  };
}

async function answerFrom(response: AxiosResponse<Readable>, signal: AbortSignal): Promise<HttpAnswer> {
  const { status } = response;
  const headers = lowerCased(response.headers);
  try {
    // When the signal is aborted, axios also ends the stream of the body.
    const received = await bytesOf(response.data, maxAnswerBytes);
    const body = await decodedBody(received, headers["content-encoding"], maxAnswerBytes);
    return { kind: "answer", status, headers, body: jsonFrom(body.toString("utf8")) };
  } catch (error) {
    if (needsNoBody(status) && !signal.aborted) return { kind: "answer", status, headers, body: undefined };
    throw error;
  }
}

/** Only the error's code: axios puts the request with its headers into everything else. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

function lowerCased(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
