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

/** The newest stable version; the SDK's own default is a preview of 2022. */
const apiVersion = "2025-09-01";

type Target = readonly [resourceGroup: string, workspace: string, incidentId: string];

/** One request about an incident; never throws. */
type Arm = (
  ref: IncidentRef,
  signal: AbortSignal,
  call: (client: SecurityInsights, target: Target, options: CallOptions) => Promise<unknown>,
) => Promise<HttpAnswer>;

/** At first use: it is an eighth of the app's cold start, and health and webhook do without it. */
export const loadSdk = () => import("@azure/arm-securityinsight");

/** The only place that knows the SDK's client, which belongs to one subscription. */
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

  return (ref, signal, call) => {
    const target: Target = [ref.resourceGroup, ref.workspace, ref.incidentId];
    return exchange(signal, async (callOptions) =>
      call(await clientFor(ref.subscriptionId), target, callOptions),
    );
  };
}
