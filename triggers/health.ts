import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import type { Secret } from "../domain/attempt";
import type { TaskHub } from "../domain/run/task-hub";

interface HealthOptions {
  readonly version: string;
  /** The secrets of the vault, if there is one. */
  readonly secrets: readonly Secret[];
  readonly development: boolean;
  /** Whether App Service authentication is on. */
  readonly platformAuthentication: boolean;
  /** Object ids of the identities that may start runs. */
  readonly relayPrincipalIds: readonly string[];
  readonly toTaskHub: (context: InvocationContext) => TaskHub;
}

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

const keepMs = 60 * 1000;

/**
 * `GET /api/health`: whether the app can work. Calls only storage and vault, and names no workspace; cached for a
 * minute.
 */
export function createHealth(options: HealthOptions) {
  let kept: { at: number; response: HttpResponseInit } | undefined;
  return async (_request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    if (!kept || Date.now() - kept.at >= keepMs) {
      kept = { at: Date.now(), response: await examine(options, context) };
    }
    return kept.response;
  };
}

async function examine(options: HealthOptions, context: InvocationContext): Promise<HttpResponseInit> {
  const { version, secrets, toTaskHub } = options;
  // The app does not start with wrong settings, so they are usable if this code runs.
  const settings: Check = { name: "settings", ok: true, message: "usable" };
  const checks = [
    settings,
    checkCallers(options),
    await checkStorage(() => toTaskHub(context)),
    await checkVault(secrets),
  ];
  const isHealthy = checks.every(({ ok }) => ok);
  return {
    status: isHealthy ? 200 : 503,
    jsonBody: { status: isHealthy ? "healthy" : "unhealthy", version, checks },
  };
}

/** Without authentication or callers the starter refuses every call, which only its callers would notice. */
function checkCallers({ development, platformAuthentication, relayPrincipalIds }: HealthOptions): Check {
  const name = "callers";
  if (development) return { name, ok: true, message: "any caller may start runs, for development" };
  if (!platformAuthentication)
    return {
      name,
      ok: false,
      message:
        "App Service authentication is off: WEBSITE_AUTH_ENABLED is not set, and no run can start. Switch it on",
    };
  return relayPrincipalIds.length > 0
    ? { name, ok: true, message: "App Service authentication is on" }
    : { name, ok: false, message: "RELAY_PRINCIPAL_IDS is empty, and no run can start: set it" };
}

async function checkStorage(hub: () => TaskHub): Promise<Check> {
  try {
    await hub().find("health-check");
    return { name: "storage", ok: true, message: "the task hub answers" };
  } catch {
    return { name: "storage", ok: false, message: "the task hub does not answer: check AzureWebJobsStorage" };
  }
}

async function checkVault(secrets: readonly Secret[]): Promise<Check> {
  if (secrets.length === 0) return { name: "vault", ok: true, message: "no vault is used" };
  const readings = await Promise.all(secrets.map((secret) => secret.read()));
  const failed = readings.find((reading) => reading.kind !== "done");
  if (failed && "reason" in failed) return { name: "vault", ok: false, message: failed.reason };
  return { name: "vault", ok: true, message: "the vault answers" };
}
