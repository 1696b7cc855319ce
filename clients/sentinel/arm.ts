import type { SecurityInsights } from "@azure/arm-securityinsight";
import type { TokenCredential } from "@azure/core-auth";
import { type Attempt, again, refused } from "../../domain/attempt";
import type { IncidentRef } from "../../domain/incident/incident";
import {
  azureClientOptions,
  type CallOptions,
  credentialFor,
  exchange,
  isLoopback,
  passingFailure,
  tokenPolicy,
} from "../azure-client";
import type { HttpAnswer } from "../http";
import { workspaceOf } from "./arm-id";
import { errorCodeFrom } from "./wire";

/** The newest stable version; the SDK's own default is a preview of 2022. */
const apiVersion = "2025-09-01";

type WorkspaceTarget = readonly [resourceGroup: string, workspace: string];
type IncidentTarget = readonly [...WorkspaceTarget, incidentId: string];

type Call<Target> = (client: SecurityInsights, target: Target, options: CallOptions) => Promise<unknown>;

export interface Arm {
  /** One request about an incident. */
  about(ref: IncidentRef, signal: AbortSignal, call: Call<IncidentTarget>): Promise<HttpAnswer>;
  /** One request about everything in a scope. */
  within(scope: string, signal: AbortSignal, call: Call<WorkspaceTarget>): Promise<HttpAnswer>;
}

/** Answers are read from the wire. The SDK would build models of them first, which no one uses. */
const asOnTheWire = { requestOptions: { shouldDeserialize: false } } as const;

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
    return exchange(signal, async (on) =>
      call(await clientFor(subscriptionId), [resourceGroup, name], { ...on, ...asOnTheWire }),
    );
  };
  return {
    within,
    about: ({ scope, incidentId }, signal, call) =>
      within(scope, signal, (client, target, on) => call(client, [...target, incidentId], on)),
  };
}

const noWorkspace =
  "The workspace, its resource group or its subscription does not exist: check SENTINEL_WORKSPACES.";

/**
 * Answers that another try does not change, by status or by status and error code.
 * Codes: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
const refusals: Readonly<Record<string, string>> = {
  401: "Azure Resource Manager does not accept the app's token: the app's identity has to be in the Entra tenant of the workspace.",
  403: "The app's identity may not do this: grant it the role Microsoft Sentinel Responder on the workspace or its resource group, which takes effect after a few minutes.",
  404: "Incident not found: it was deleted, or its id is wrong.",
  "404 ResourceNotFound": noWorkspace,
  "404 ResourceGroupNotFound": noWorkspace,
  "404 SubscriptionNotFound": noWorkspace,
};

/** What an unsuccessful answer means. `more`: refusals that only the calling operation has. */
export function failureFrom(answer: HttpAnswer, more: Readonly<Record<string, string>> = {}): Attempt<never> {
  const passing = passingFailure("Microsoft Sentinel", answer);
  if (passing || answer.kind === "fault" || answer.status < 300) return passing ?? unreadable;
  const code = errorCodeFrom(answer.body) ?? "";
  const known = { ...refusals, ...more };
  const reason = known[`${answer.status} ${code}`] ?? known[answer.status];
  const unexpected = `Microsoft Sentinel refused the request (${`HTTP ${answer.status} ${code}`.trim()}).`;
  return refused(reason ?? unexpected);
}

export const unreadable = again("Microsoft Sentinel answered with something other than what was requested.");
