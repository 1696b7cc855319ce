import { randomUUID } from "node:crypto";
import type { Clock } from "../clock";
import { appIn, startLocalHost } from "../host/local-host";
import { packageRoot } from "../host/package-root";
import { type DeployedResources, deployResources, relayId, relayPrincipalId } from "./deployed-resources";
import { type KeyVaultSimulator, startKeyVaultSimulator } from "./key-vault";
import { localKeys, type Services, startServices } from "./services";
import { type Handler, type Simulator, startSimulator } from "./simulator";

export interface SimulatedDeployment {
  readonly services: Services;
  readonly vault: KeyVaultSimulator;
  /** The app's URL, with App Service authentication in front of it. */
  readonly front: Simulator;
  /** The deployment's other resources. */
  readonly azure: DeployedResources;
  /** As an azd environment holds it after `azd up`. */
  readonly values: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const openPaths = ["/api/webhooks/intezer", "/api/health"];

/** The whole deployment on one machine: app, platform authentication, vault, relay and the services around them. */
export async function startDeployment(
  clock: Clock,
  settings: Readonly<Record<string, string>> = {},
): Promise<SimulatedDeployment> {
  let azure: DeployedResources | undefined;
  const services = await startServices({
    clock,
    sentinel: { resources: (request) => azure?.answer(request) },
  });
  const vault = await startKeyVaultSimulator({
    clock,
    secrets: {
      "virustotal-api-key": localKeys.virustotal,
      "intezer-api-key": localKeys.intezer,
      "intezer-webhook-authorization": localKeys.webhook,
    },
  });
  const { VIRUSTOTAL_API_KEY, INTEZER_API_KEY, INTEZER_WEBHOOK_AUTHORIZATION, ...endpoints } =
    services.settings;
  const appSettings = { ...endpoints, KEY_VAULT_URL: vault.origin, ...settings };
  const host = await startLocalHost({
    ...appIn(packageRoot),
    clock,
    settings: {
      ...appSettings,
      AZURE_FUNCTIONS_ENVIRONMENT: "Production",
      WEBSITE_AUTH_ENABLED: "true",
      RELAY_PRINCIPAL_IDS: relayPrincipalId,
      ...settings,
    },
    log: () => {},
  });
  const token = randomUUID();
  const front = await startSimulator({ clock, handler: frontOf(host.origin, token, relayPrincipalId) });
  azure = deployResources(clock, services.sentinel.workspace, new URL(front.origin).host);
  services.sentinel.setRelay({
    id: relayId,
    url: `${front.origin}/api/incidents`,
    headers: { authorization: `Bearer ${token}` },
  });
  return {
    services,
    vault,
    front,
    azure,
    values: { ...appSettings, AZURE_FUNCTION_APP_URL: front.origin, AZURE_RELAY_ID: relayId },
    async stop() {
      await host.stop();
      await Promise.all([front.close(), vault.close(), services.stop()]);
    },
  };
}

/** Refuses requests without the relay's token, except to the open paths, and passes the caller's id to the app. */
function frontOf(appOrigin: string, token: string, principalId: string): Handler {
  return async ({ method, path, rawPath, query, headers, body }) => {
    const isRelay = headers.authorization === `Bearer ${token}`;
    if (!isRelay && !openPaths.includes(path))
      return { status: 401, headers: { "www-authenticate": 'Bearer realm="app"' } };
    const passed = ["content-type", "authorization"].filter((name) => headers[name] !== undefined);
    const answer = await fetch(`${appOrigin}${rawPath}?${query}`, {
      method,
      headers: {
        ...Object.fromEntries(passed.map((name) => [name, headers[name] ?? ""])),
        ...(isRelay ? { "x-ms-client-principal-id": principalId } : {}),
      },
      ...(method === "GET" ? {} : { body }),
    });
    const type = answer.headers.get("content-type");
    return {
      status: answer.status,
      ...(type === null ? {} : { headers: { "content-type": type } }),
      text: await answer.text(),
    };
  };
}
