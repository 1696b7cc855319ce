import { z } from "zod";
import { createHttpClient, type HttpAnswer, type HttpClient } from "../../clients/http";
import type { Deployment } from "../deployment/deployment";
import type { Line } from "./line";

/** An app that sleeps takes some seconds to wake. */
const timeoutMs = 60_000;

/** What the app says of itself, and what its routes say to a stranger. */
export async function checkApp({ appUrl, userAgent }: Deployment): Promise<readonly Line[]> {
  if (appUrl === undefined)
    return [{ name: "app", state: "failed", text: "its address is not known: set AZURE_FUNCTION_APP_URL" }];
  const http = createHttpClient({ baseUrl: appUrl, timeoutMs, userAgent });
  const health = await checkHealth(http);
  return [...health, await checkStarter(http), await checkWebhook(http)];
}

const healthSchema = z.object({
  version: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
});

async function checkHealth(http: HttpClient): Promise<readonly Line[]> {
  const answer = await http({ method: "GET", path: "/api/health" });
  const told = answer.kind === "answer" ? healthSchema.safeParse(answer.body).data : undefined;
  if (!told)
    return [
      {
        name: "app",
        state: "failed",
        text: `GET /api/health ${outcomeOf(answer)}: deploy the code, and look for wrong settings in its log`,
      },
    ];
  return [
    { name: "app", state: "ok", text: `version ${told.version} answers` },
    ...told.checks.map(
      ({ name, ok, message }): Line => ({
        name: `app: ${name}`,
        state: ok ? "ok" : "failed",
        text: message,
      }),
    ),
  ];
}

/** Only the platform may refuse: what reaches the app was let through by it. */
async function checkStarter(http: HttpClient): Promise<Line> {
  const name = "starter";
  const answer = await http({ method: "POST", path: "/api/incidents", json: {} });
  if (answer.kind === "fault")
    return { name, state: "failed", text: `POST /api/incidents: ${answer.reason}` };
  if ([401, 403].includes(answer.status) && !isOurs(answer.body))
    return { name, state: "ok", text: `the platform refuses a call without a token (HTTP ${answer.status})` };
  return {
    name,
    state: "failed",
    text: `a call without a token reached the app (HTTP ${answer.status}): switch App Service authentication on, with authentication required and HTTP 401 for those without it`,
  };
}

const platformRefusal = "www-authenticate";

async function checkWebhook(http: HttpClient): Promise<Line> {
  const name = "webhook";
  const answer = await http({ method: "POST", path: "/api/webhooks/intezer", json: {} });
  if (answer.kind === "answer" && answer.status === 401 && !(platformRefusal in answer.headers))
    return {
      name,
      state: "ok",
      text: "reachable; refuses a call without the agreed Authorization (HTTP 401)",
    };
  const text =
    answer.kind === "answer" && [401, 403].includes(answer.status)
      ? "App Service authentication keeps Intezer out: exclude the path /api/webhooks/intezer"
      : `POST /api/webhooks/intezer ${outcomeOf(answer)} instead of HTTP 401: ${messageOf(answer) ?? "deploy the code"}`;
  return { name, state: "failed", text };
}

const ourError = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

const isOurs = (body: unknown) => ourError.safeParse(body).success;

function messageOf(answer: HttpAnswer): string | undefined {
  return answer.kind === "answer" ? ourError.safeParse(answer.body).data?.error.message : undefined;
}

function outcomeOf(answer: HttpAnswer): string {
  return answer.kind === "answer" ? `answered HTTP ${answer.status}` : `failed: ${answer.reason}`;
}
