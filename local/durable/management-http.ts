import type { Clock } from "../clock";
import type { Engine } from "./engine";
import type { Links } from "./links";
import type { StatusOptions } from "./status-view";

export interface ManagementRequest {
  readonly method: string;
  /** Below `/runtime/webhooks/durabletask` (or the RPC base), without leading slash, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Manage = (request: ManagementRequest) => Promise<Reply>;

export interface Api {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly links: Links;
  readonly orchestrationVersion: string | null;
  /** See `RuntimeFaults`. */
  readonly startGap?: (() => Promise<void>) | undefined;
}

/** A request with what its route names. */
export interface Call extends ManagementRequest {
  readonly params: Readonly<Record<string, string>>;
}

export type Handler = (call: Call, api: Api) => Reply | Promise<Reply>;

/**
 * What a path says to a template: its `{x}`, decoded; `{x?}` may be missing. `undefined` when they do not match.
 * Literal segments ignore case.
 */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const segments = path.split("/").filter((segment) => segment !== "");
  const parts = template.split("/");
  if (segments.length > parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = decoded(segments[index]);
    const name = /^\{(\w+)(\?)?\}$/.exec(part);
    if (segment === undefined && name?.[2]) continue;
    // The web server reads an encoded slash as a slash.
    if (segment === undefined || segment.includes("/")) return undefined;
    if (name?.[1]) params[name[1]] = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return params;
}

function decoded(segment: string | undefined): string | undefined {
  try {
    return segment === undefined ? undefined : decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

export const empty = (status: number): Reply => ({ status, headers: {}, body: "" });

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

export const invalidJson = () =>
  failure(400, "Invalid JSON content", {
    type: "Newtonsoft.Json.JsonReaderException",
    message: "The body is not JSON.",
  });

export const failure = (status: number, Message: string, exception: { type: string; message: string }) =>
  json(status, {
    Message,
    ExceptionMessage: exception.message,
    ExceptionType: exception.type,
    StackTrace: null,
  });

/** `undefined` when the text is not JSON. */
export function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

export const statusOptions = (query: URLSearchParams): StatusOptions => ({
  showInput: query.get("showInput")?.toLowerCase() !== "false",
  showHistory: isTrue(query, "showHistory"),
  showHistoryOutput: isTrue(query, "showHistoryOutput"),
});

export const isTrue = (query: URLSearchParams, name: string) => query.get(name)?.toLowerCase() === "true";
