import { z } from "zod";
import type { Attempt } from "../../domain/attempt";
import { nameOf, type ResourceManager } from "../deployment/resource-manager";
import { type Line, linesNamed } from "./line";
import { principalIds } from "./principal-ids";

const query = { "api-version": "2024-11-01" } as const;

const site = z.object({
  id: z.string(),
  identity: principalIds,
  properties: z.object({ state: z.string(), defaultHostName: z.string() }),
});

interface FunctionApp {
  /** ARM id. */
  readonly id: string;
  readonly state: string;
  readonly principalIds: readonly string[];
}

/** The function app of a resource group that has this host name. */
export async function findFunctionApp(
  azure: ResourceManager,
  group: string,
  appUrl: string,
): Promise<Attempt<FunctionApp>> {
  const { host } = new URL(appUrl);
  const sites = await azure.list({
    schema: site,
    path: `${group}/providers/Microsoft.Web/sites`,
    query,
    needs: `the role Reader on the resource group ${nameOf(group)}`,
  });
  if (sites.kind !== "done") return sites;
  const found = sites.value.find(({ properties }) => properties.defaultHostName.toLowerCase() === host);
  if (!found)
    return { kind: "refused", reason: `no function app of ${nameOf(group)} has the host name ${host}` };
  const { id, identity, properties } = found;
  return { kind: "done", value: { id, state: properties.state, principalIds: identity } };
}

const authentication = linesNamed("authentication");

const authSettings = z.object({
  properties: z.object({
    platform: z.object({ enabled: z.boolean().nullish() }).nullish(),
    globalValidation: z.object({ requireAuthentication: z.boolean().nullish() }).nullish(),
    identityProviders: z
      .object({
        azureActiveDirectory: z
          .object({
            validation: z
              .object({
                defaultAuthorizationPolicy: z
                  .object({
                    allowedPrincipals: z.object({ identities: z.array(z.string()).nullish() }).nullish(),
                  })
                  .nullish(),
              })
              .nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
});

/** Whether App Service authentication is on and admits the relay. */
export async function checkAuthentication(
  azure: ResourceManager,
  app: FunctionApp,
  relayIds: readonly string[],
): Promise<Line> {
  const { ok, failed } = authentication;
  const reading = await azure.read({
    schema: authSettings,
    path: `${app.id}/config/authsettingsV2`,
    query,
    needs: `the role Reader on ${nameOf(app.id)}`,
  });
  if (reading.kind !== "done") return failed(reading.reason);
  const { platform, globalValidation, identityProviders } = reading.value.properties;
  if (!platform?.enabled)
    return failed(
      "App Service authentication is off, so WEBSITE_AUTH_ENABLED is missing and the app refuses every run (HTTP 503): switch it on, or deploy again",
    );
  if (!globalValidation?.requireAuthentication)
    return failed("App Service authentication lets calls without a token pass: require authentication");
  const policy = identityProviders?.azureActiveDirectory?.validation?.defaultAuthorizationPolicy;
  const admitted = policy?.allowedPrincipals?.identities ?? [];
  if (admitted.length === 0)
    return failed(
      "App Service authentication admits every principal that can get a token for the app: allow the relay's identity only, or deploy again",
    );
  return admitted.some((id) => relayIds.includes(id))
    ? ok("App Service authentication is on and admits the relay")
    : failed("App Service authentication does not admit the relay's identity (HTTP 403): deploy again");
}

const callers = linesNamed("callers");

/** Whether the app's own settings admit the relay. */
export async function checkCallers(
  azure: ResourceManager,
  app: FunctionApp,
  relayIds: readonly string[],
): Promise<Line> {
  const { ok, failed, note } = callers;
  const reading = await azure.read({
    schema: z.object({ properties: z.object({ RELAY_PRINCIPAL_IDS: z.string().optional() }) }),
    path: `${app.id}/config/appsettings/list`,
    query,
    method: "POST",
    needs: `the role Website Contributor on ${nameOf(app.id)}`,
  });
  if (reading.kind === "refused" && reading.cause === "right")
    return note(`RELAY_PRINCIPAL_IDS was not checked: ${reading.reason}`);
  if (reading.kind !== "done") return failed(reading.reason);
  const { RELAY_PRINCIPAL_IDS: setting = "" } = reading.value.properties;
  const allowed = setting.split(",").map((id) => id.trim().toLowerCase());
  if (setting.trim() === "") return failed("RELAY_PRINCIPAL_IDS is empty: no run can start. Deploy again");
  return relayIds.some((id) => allowed.includes(id.toLowerCase()))
    ? ok("the relay's identity is in RELAY_PRINCIPAL_IDS")
    : failed(
        `the relay's identity is not in RELAY_PRINCIPAL_IDS, so the app answers it HTTP 403: deploy again, or add ${relayIds.join(" or ")}`,
      );
}
