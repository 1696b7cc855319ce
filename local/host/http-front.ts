import type { IncomingMessage, RequestListener } from "node:http";
import type { TaskHub } from "../durable/task-hub";
import type { FunctionApp } from "../function-app";
import { refusalOfUntrusted } from "../same-machine";
import type { LogSink } from "./core-api";
import { type Answer, absoluteUrl, answerFrom, headersFrom, httpDataFrom, sendAnswer } from "./http-data";
import { matchRoute, type Route, routesFrom } from "./route";

/** Keys of the host; absent: none is asked for, as in Core Tools. */
export interface HostKeys {
  readonly master: string;
  readonly function: string;
  readonly system: string;
}

interface FrontOptions {
  readonly app: FunctionApp;
  readonly hub: Pick<TaskHub, "clientBinding" | "manage">;
  /** host.json `extensions.http.routePrefix`. */
  readonly routePrefix: string;
  readonly keys?: HostKeys;
  readonly log: LogSink;
}

interface HttpFront {
  readonly routes: readonly Route[];
  readonly listener: RequestListener;
}

/** The host's default for `maxRequestBodySize`. */
const maxBodyBytes = 104_857_600;
/** The management API: for people and other programs, and (the shorter one) for the SDK. */
const managementPath = /^\/(runtime\/webhooks\/)?durabletask\/?(.*)$/i;

/** Answers HTTP requests with the app's HTTP functions and the task hub's management API. */
export function createFront(options: FrontOptions): HttpFront {
  const routes = routesFrom(options.app.all(), options.routePrefix);
  const listener: RequestListener = (incoming, response) => {
    answer(incoming, routes, options)
      .then((given) => sendAnswer(response, given))
      .catch((error: unknown) => {
        options.log("error", "", "", `${incoming.method} ${pathOf(incoming)}: ${textOf(error)}`);
        if (response.headersSent) response.destroy();
        else sendAnswer(response, { status: 500 });
      });
  };
  return { routes, listener };
}

async function answer(
  incoming: IncomingMessage,
  routes: readonly Route[],
  options: FrontOptions,
): Promise<Answer> {
  if (!URL.canParse(absoluteUrl(incoming))) return { status: 400 };
  const url = new URL(absoluteUrl(incoming));
  const path = pathOf(incoming);
  const [isManagement, webhook, below = ""] = managementPath.exec(path) ?? [];
  const match = isManagement ? undefined : matchRoute(routes, incoming.method ?? "", path);
  if (!isManagement && !match) return { status: 404 };
  const untrusted = refusalOfUntrusted(incoming);
  if (untrusted !== undefined) return textAnswer(403, untrusted);
  const level = match?.route.authLevel ?? (webhook ? "system" : "anonymous");
  const refusal = refusalOf(incoming, url, level, options.keys);
  if (refusal) return refusal;
  if (Number(incoming.headers["content-length"]) > maxBodyBytes) return { status: 500 };
  const body = await bodyOf(incoming);
  if (!match) return manage(options.hub, incoming, below, url.searchParams, body);

  const { fn } = match.route;
  // The real host hands a body on only when its length was announced.
  const given = incoming.headers["content-length"] === undefined ? new Uint8Array() : body;
  const trigger = { name: fn.trigger.name, data: httpDataFrom(incoming, url, match.params, given) };
  const clients = fn.extraInputs
    .filter((input) => input.type === "durableClient")
    .map((input) => ({ name: input.name, data: { string: options.hub.clientBinding() } }));
  try {
    const invocation = { inputs: [trigger, ...clients], triggerMetadata: {} };
    return answerFrom((await options.app.invoke(fn, invocation)).returnValue);
  } catch (error) {
    options.log("error", fn.name, "", textOf(error));
    return { status: 500 };
  }
}

const textAnswer = (status: number, text: string): Answer => ({
  status,
  headers: [["content-type", "text/plain; charset=utf-8"]],
  body: Buffer.from(text),
});

async function manage(
  hub: FrontOptions["hub"],
  incoming: IncomingMessage,
  path: string,
  query: URLSearchParams,
  body: Buffer,
): Promise<Answer> {
  const method = incoming.method ?? "GET";
  const reply = await hub.manage({
    method,
    path,
    query,
    headers: headersFrom(incoming),
    body: body.toString(),
  });
  return { status: reply.status, headers: Object.entries(reply.headers), body: Buffer.from(reply.body) };
}

/** Which keys open a level; the master key opens all. */
const openedBy: Readonly<Record<string, readonly (keyof HostKeys)[]>> = {
  function: ["function", "master"],
  admin: ["master"],
  system: ["system", "master"],
};

/** 401; for the management API 403 when the key is one of another kind. */
function refusalOf(
  incoming: IncomingMessage,
  url: URL,
  level: string,
  keys: HostKeys | undefined,
): Answer | undefined {
  const accepted = openedBy[level];
  if (!keys || !accepted) return undefined;
  const given = incoming.headers["x-functions-key"] ?? url.searchParams.get("code");
  if (accepted.some((name) => keys[name] === given)) return undefined;
  if (level !== "system") return { status: 401 };
  if (Object.values(keys).includes(given)) return { status: 403 };
  return { status: 401, headers: [["WWW-Authenticate", "Bearer"]] };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const pathOf = (incoming: IncomingMessage) => (incoming.url ?? "/").split("?", 1)[0] ?? "/";

const textOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
