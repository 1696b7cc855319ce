import axios, { type AxiosInstance, isAxiosError } from "axios";
import { jsonFrom } from "../domain/json";

interface HttpOptions {
  readonly baseUrl: string;
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs: number;
  /** Product and version, e.g. `sentinel-incident-enricher/1.0.0`. */
  readonly userAgent: string;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Below the base URL, beginning with `/`; its parts are already encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; also with GET, which Intezer wants. */
  readonly json?: unknown;
  /** Ends the exchange before its own time is up: for several exchanges that share one limit. */
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
  /** No usable answer: refused, reset, timed out, cut off or too large. The reason names no address and no header. */
  | { readonly kind: "fault"; readonly reason: string };

export type HttpClient = (request: HttpRequest) => Promise<HttpAnswer>;

/** Largest captured report is 1.1 MB (VirusTotal); anything above this is no report. */
const maxAnswerBytes = 8 * 1024 * 1024;

/**
 * The one way to a service over HTTP: every status is an answer, every failure to get one is a fault, nothing is
 * thrown. Redirects are not followed, since they would carry the key to another host.
 */
export function createHttpClient(options: HttpOptions): HttpClient {
  const client: AxiosInstance = axios.create({
    baseURL: options.baseUrl,
    timeout: options.timeoutMs,
    maxContentLength: maxAnswerBytes,
    maxRedirects: 0,
    proxy: false,
    responseType: "text",
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
    headers: { Accept: "application/json", "User-Agent": options.userAgent },
  });
  return async (request) => {
    try {
      const response = await client.request<string>({
        method: request.method,
        url: request.path,
        signal: AbortSignal.any([
          AbortSignal.timeout(options.timeoutMs),
          ...(request.signal ? [request.signal] : []),
        ]),
        headers: {
          ...request.headers,
          ...(request.json === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(request.json === undefined ? {} : { data: JSON.stringify(request.json) }),
      });
      return {
        kind: "answer",
        status: response.status,
        headers: lowerCased(response.headers),
        body: jsonFrom(response.data),
      };
    } catch (error) {
      return { kind: "fault", reason: faultReason(error) };
    }
  };
}

function lowerCased(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

/** The error's code only: axios puts the request with its headers into everything else. */
function faultReason(error: unknown): string {
  return faultReasonOf(isAxiosError(error) ? error.code : undefined);
}

const faultReasons: Readonly<Record<string, string>> = {
  ECONNABORTED: "no answer in time",
  ERR_CANCELED: "no answer in time",
  ETIMEDOUT: "no answer in time",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection lost",
  ENOTFOUND: "host name not found",
  ERR_BAD_RESPONSE: "answer cut off or too large",
};

/** For people: why there is no usable answer, from the error code of Node or of an HTTP library. */
export function faultReasonOf(code: string | undefined): string {
  return faultReasons[code ?? ""] ?? (code ? `no usable answer (${code})` : "no usable answer");
}
