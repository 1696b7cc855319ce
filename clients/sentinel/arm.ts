import type { SecurityInsights } from "@azure/arm-securityinsight";
import type { TokenCredential } from "@azure/core-auth";
import type { IncidentRef } from "../../domain/incident/incident";
import {
  azureClientOptions,
  type CallOptions,
  credentialFor,
  exchange,
  isLoopback,
  tokenPolicy,
} from "../azure-client";
import type { HttpAnswer } from "../http";
import { workspaceOf } from "./arm-id";

/** The newest stable version; the SDK's own default is a preview of 2022. */
const apiVersion = "2025-09-01";

type WorkspaceTarget = readonly [resourceGroup: string, workspace: string];
type IncidentTarget = readonly [...WorkspaceTarget, incidentId: string];

type Call<Target> = (client: SecurityInsights, target: Target, options: CallOptions) => Promise<unknown>;

interface Arm {
  /** One request about an incident. */
  about(ref: IncidentRef, signal: AbortSignal, call: Call<IncidentTarget>): Promise<HttpAnswer>;
  /** One request about everything in a scope. */
  within(scope: string, signal: AbortSignal, call: Call<WorkspaceTarget>): Promise<HttpAnswer>;
}

/** Loaded at first use: it takes an eighth of the app's cold start, and health and webhook do not need it. */
export const loadSdk = () => import("@azure/arm-securityinsight");

/** The only place that knows the SDK's client, which belongs to one subscription. Its requests never throw. */
export function createArm({
  endpoint,
  credential,
}: {
  readonly endpoint: string;
  readonly credential: TokenCredential;
}): Arm {
  const options = {
    ...azureClientOptions(endpoint),
    endpoint,
    apiVersion,
    credentialScopes: `${new URL(endpoint).origin}/.default`,
  };
  const clients = new Map<string, SecurityInsights>();

  const clientFor = async (subscriptionId: string): Promise<SecurityInsights> => {
    const existing = clients.get(subscriptionId);
    if (existing) return existing;
    const { SecurityInsights } = await loadSdk();
    const client = new SecurityInsights(credentialFor(endpoint, credential), subscriptionId, options);
    if (isLoopback(endpoint)) client.pipeline.removePolicy(tokenPolicy);
    clients.set(subscriptionId, client);
    return client;
  };

  const within: Arm["within"] = (scope, signal, call) => {
    const { subscriptionId, resourceGroup, name } = workspaceOf(scope);
    return exchange(signal, async (on) => call(await clientFor(subscriptionId), [resourceGroup, name], on));
  };
  return {
    within,
    about: ({ scope, incidentId }, signal, call) =>
      within(scope, signal, (client, target, on) => call(client, [...target, incidentId], on)),
  };
}
