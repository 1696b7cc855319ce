import { z } from "zod";
import { createHttpClient, type HttpAnswer, type HttpClient } from "../../clients/http";
import type { Deployment } from "../deployment/deployment";
import { type Line, linesNamed } from "./line";

/** An app that sleeps takes some seconds to wake. */
const timeoutMs = 60_000;

/** What the app reports about itself, and how its routes answer a caller without a token. */
export async function checkApp({ appUrl, userAgent, config }: Deployment): Promise<readonly Line[]> {
  if (appUrl === undefined)
    return [linesNamed("app").failed("its URL is not known: set AZURE_FUNCTION_APP_URL")];
  const http = createHttpClient({ baseUrl: appUrl, timeoutMs, userAgent });
  const health = await checkHealth(http, config.version);
  return [...health, await checkStarter(http), await checkWebhook(http)];
}

const healthSchema = z.object({
  version: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
});

async function checkHealth(http: HttpClient, version: string): Promise<readonly Line[]> {
  const app = linesNamed("app");
  const answer = await http({ method: "GET", path: "/api/health" });
  const health = answer.kind === "answer" ? healthSchema.safeParse(answer.body).data : undefined;
  if (!health)
    return [
      app.failed(
        `GET /api/health ${outcomeOf(answer)}: deploy the code, and look for wrong settings in its log`,
      ),
    ];
  return [
    health.version === version
      ? app.ok(`version ${version} answers`)
      : app.failed(
          `version ${health.version} answers, but this folder holds ${version}: deploy it, or check with the release that runs`,
        ),
    ...health.checks.map(({ name, ok, message }) => {
      const line = linesNamed(`app: ${name}`);
      return ok ? line.ok(message) : line.failed(message);
    }),
  ];
}

/** Only the platform may refuse: a request that reaches the app was let through. */
async function checkStarter(http: HttpClient): Promise<Line> {
  const { ok, failed } = linesNamed("starter");
  const answer = await http({ method: "POST", path: "/api/incidents", json: {} });
  if (answer.kind === "fault") return failed(`POST /api/incidents: ${answer.reason}`);
  if ([401, 403].includes(answer.status) && !isOurs(answer.body))
    return ok(`the platform refuses a call without a token (HTTP ${answer.status})`);
  return failed(
    `a call without a token reached the app (HTTP ${answer.status}): switch App Service authentication on, with authentication required and HTTP 401 for calls without it`,
  );
}

const platformRefusal = "www-authenticate";

async function checkWebhook(http: HttpClient): Promise<Line> {
  const { ok, failed } = linesNamed("webhook");
  const answer = await http({ method: "POST", path: "/api/webhooks/intezer", json: {} });
  if (answer.kind === "answer" && answer.status === 401 && !(platformRefusal in answer.headers))
    return ok("reachable; refuses a call without the agreed Authorization (HTTP 401)");
  return failed(
    answer.kind === "answer" && [401, 403].includes(answer.status)
      ? "App Service authentication keeps Intezer out: exclude the path /api/webhooks/intezer"
      : `POST /api/webhooks/intezer ${outcomeOf(answer)} instead of HTTP 401: ${messageOf(answer) ?? "deploy the code"}`,
  );
}

const ourError = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

const isOurs = (body: unknown) => ourError.safeParse(body).success;

function messageOf(answer: HttpAnswer): string | undefined {
  return answer.kind === "answer" ? ourError.safeParse(answer.body).data?.error.message : undefined;
}

function outcomeOf(answer: HttpAnswer): string {
  return answer.kind === "answer" ? `answered HTTP ${answer.status}` : `failed: ${answer.reason}`;
}
