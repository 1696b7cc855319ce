import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../local/clock";
import type { Services } from "../../local/simulators/services";
import { type Reply, type SimulatorRequest, startSimulator } from "../../local/simulators/simulator";
import { postIncident } from "../run-client";
import { createIncidentReader } from "./incident-reader";
import { createResultsReader } from "./results-reader";
import { alertIdOf } from "./run-history";
import { samples, triages } from "./samples";
import { createTaskHubReader } from "./task-hub-reader";
import { createViews, pageFolder } from "./views";

interface PageOptions {
  readonly clock: Clock;
  readonly services: Services;
  /** Origin of the app that enriches. */
  readonly appOrigin: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Milliseconds between two updates of an open page while something runs; default 2,000. */
  readonly updateMs?: number;
}

export interface Page {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  close(): Promise<void>;
}

type Answer = (request: SimulatorRequest, ...parts: string[]) => Promise<Reply | undefined>;

/**
 * The page that stands in for Microsoft Sentinel's portal: incidents, their comments, tags and runs, and buttons that
 * raise incidents. A comment is shown in a frame in which no script runs.
 */
export async function startPage({
  clock,
  services,
  appOrigin,
  port = 0,
  updateMs = 2_000,
}: PageOptions): Promise<Page> {
  const { sentinel, intezer } = services;
  const incidents = createIncidentReader(sentinel);
  const hub = createTaskHubReader(appOrigin);
  const results = createResultsReader(services);
  const views = createViews({ incidents, hub, results, clock, appOrigin, updateMs });

  const send = async (armId: string) => {
    await postIncident(appOrigin, sentinel.triggerBody(armId));
    return seeOther(`/incidents/${armId.split("/").at(-1)}`);
  };

  const raise: Answer = async (request) => {
    const sample = choiceIn(request, "sample", samples);
    return sample && send(sentinel.addIncident(sample.seed));
  };

  const fireWebhook: Answer = async (request, id = "") => {
    const triage = choiceIn(request, "triage", triages);
    const run = (await hub.orchestrationsOf(id)).find(({ instanceId }) => instanceId === `sentinel-${id}`);
    const alertId = run && alertIdOf(run);
    if (!triage || alertId === undefined) return undefined;
    intezer.triage(alertId, triage.findings);
    await intezer.fireWebhook(alertId);
    return seeOther(`/incidents/${id}`);
  };

  /** Does it with the incident's ARM id. */
  const withIncident =
    (
      answer: (armId: string, request: SimulatorRequest, ...parts: string[]) => Promise<Reply | undefined>,
    ): Answer =>
    async (request, id = "", ...parts) => {
      const armId = incidents.armIdOf(id);
      return armId === undefined ? undefined : answer(armId, request, ...parts);
    };

  const routes: readonly (readonly [method: string, path: RegExp, answer: Answer])[] = [
    ["GET", /^\/$/, async ({ query }) => html(await views.list(query.get("verdict") ?? undefined))],
    ["GET", /^\/([a-z-]+\.(?:css|js))$/, async (_request, file = "") => asset(file)],
    [
      "GET",
      /^\/incidents\/([\w-]+)$/,
      withIncident(async (armId, { query }) =>
        html(await views.incident(armId, query.get("width") ?? undefined)),
      ),
    ],
    [
      "GET",
      /^\/incidents\/([\w-]+)\/comments\/([\w-]+)$/,
      withIncident(async (armId, _request, commentId = "") => {
        const comment = await views.comment(armId, commentId);
        return comment === undefined ? undefined : html(comment, commentPolicy);
      }),
    ],
    ["POST", /^\/incidents$/, raise],
    ["POST", /^\/incidents\/([\w-]+)\/run$/, withIncident(send)],
    ["POST", /^\/incidents\/([\w-]+)\/webhook$/, fireWebhook],
  ];

  const handler = async (request: SimulatorRequest): Promise<Reply> => {
    if (request.method === "POST" && !isFromHere(request))
      return refusal(403, "Only this page's own forms may do that.");
    for (const [method, path, answer] of routes) {
      const parts = method === request.method ? path.exec(request.path)?.slice(1) : undefined;
      const reply = parts && (await answer(request, ...parts));
      if (reply) return reply;
    }
    return refusal(404, "Not found.");
  };
  return startSimulator({ clock, handler, port });
}

/** Browsers name the origin of every POST: a page elsewhere cannot make one in our name. */
function isFromHere({ headers: { origin, host } }: SimulatorRequest): boolean {
  return origin === `http://${host}` && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? "");
}

const pagePolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** No script, no request, no form; a link opens a window of its own. */
const commentPolicy =
  "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'self'";

const types: Readonly<Record<string, string>> = { css: "text/css", js: "text/javascript" };

/** What the pages load, by its name there. */
const assets: Readonly<Record<string, string>> = {
  "style.css": join(pageFolder, "style.css"),
  "comment.css": join(pageFolder, "comment.css"),
  "fit-comments.js": join(pageFolder, "fit-comments.js"),
  "live.js": join(pageFolder, "live.js"),
  "idiomorph.js": require.resolve("idiomorph/dist/idiomorph.js"),
};

function asset(name: string): Reply | undefined {
  const file = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (file === undefined) return undefined;
  const type = types[name.split(".").at(-1) ?? ""] ?? "text/plain";
  return {
    status: 200,
    headers: { "content-type": `${type}; charset=utf-8` },
    text: readFileSync(file, "utf8"),
  };
}

function html(text: string, policy = pagePolicy): Reply {
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cache-control": "no-store",
    },
    text,
  };
}

const seeOther = (location: string): Reply => ({ status: 303, headers: { location } });

const refusal = (status: number, text: string): Reply => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  text,
});

/** What a field of the form chooses. */
function choiceIn<T>({ body }: SimulatorRequest, field: string, choices: Readonly<Record<string, T>>) {
  const chosen = new URLSearchParams(body).get(field);
  return Object.entries(choices).find(([name]) => name === chosen)?.[1];
}
