import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypedData } from "../function-app";

export interface Answer {
  readonly status: number;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
}

/** What an HTTP trigger hands to the library (host: `GrpcMessageConversionExtensions.ToRpcHttp`). */
export function httpDataFrom(
  incoming: IncomingMessage,
  url: URL,
  params: Readonly<Record<string, string>>,
  body: Uint8Array,
): TypedData {
  const query = [...new Set(url.searchParams.keys())].map(
    (name) => [name, url.searchParams.getAll(name).join(",")] as const,
  );
  return {
    http: {
      method: incoming.method ?? "GET",
      url: absoluteUrl(incoming),
      nullableHeaders: nullable(headersFrom(incoming)),
      nullableQuery: nullable(Object.fromEntries(query)),
      nullableParams: nullable(params),
      body: body.length > 0 ? { bytes: body } : null,
    },
  };
}

/** The target with host and as it was sent: what is encoded stays encoded. */
export function absoluteUrl(incoming: IncomingMessage): string {
  return `http://${incoming.headers.host ?? ""}${incoming.url ?? "/"}`;
}

/** Lower-case names; a repeated header's values are joined by commas. */
export function headersFrom(incoming: IncomingMessage): Record<string, string> {
  const headers = Object.entries(incoming.headersDistinct);
  return Object.fromEntries(headers.map(([name, values = []]) => [name, values.join(",")]));
}

const nullable = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));

/** What the library makes of a handler's result; no result at all is 204. */
export function answerFrom(returnValue: TypedData | undefined): Answer {
  const http = returnValue?.http as HttpResult | undefined;
  if (!http) return { status: 204 };
  const cookies = http.cookies.map((cookie) => ["set-cookie", setCookieFrom(cookie)] as const);
  return {
    status: Number(http.statusCode),
    headers: [...Object.entries(http.headers), ...cookies],
    body: http.body?.bytes ?? new Uint8Array(),
  };
}

interface HttpResult {
  readonly statusCode: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly Cookie[];
  readonly body?: { readonly bytes: Uint8Array };
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly expires?: { readonly value: { readonly seconds: number } };
  readonly maxAge?: { readonly value: number };
  readonly domain?: { readonly value: string };
  readonly path?: { readonly value: string };
  readonly secure?: { readonly value: boolean };
  readonly httpOnly?: { readonly value: boolean };
  /** `none` is "not given", `explicitNone` is SameSite=None. */
  readonly sameSite?: "none" | "lax" | "strict" | "explicitNone";
}

/** In the form and order of ASP.NET Core, which adds a path where there is none. */
function setCookieFrom(cookie: Cookie): string {
  const { expires, maxAge, domain, path, secure, httpOnly, sameSite = "none" } = cookie;
  const attributes = [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    expires && `expires=${new Date(expires.value.seconds * 1000).toUTCString()}`,
    maxAge && `max-age=${maxAge.value}`,
    domain && `domain=${domain.value}`,
    `path=${path?.value ?? "/"}`,
    secure?.value && "secure",
    sameSite !== "none" && `samesite=${sameSite === "explicitNone" ? "none" : sameSite}`,
    httpOnly?.value && "httponly",
  ];
  return attributes.filter(Boolean).join("; ");
}

const statusesWithoutBody = [204, 304];

/** Sends as Kestrel does: an empty body with its length, any other in chunks. */
export function sendAnswer(response: ServerResponse, { status, headers = [], body }: Answer): void {
  for (const [name, value] of headers) response.appendHeader(name, value);
  const isEmpty = body === undefined || body.length === 0;
  if (isEmpty && response.req.method !== "HEAD" && !statusesWithoutBody.includes(status))
    response.setHeader("content-length", "0");
  response.writeHead(status);
  response.end(body);
}
