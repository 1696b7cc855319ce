import type { Deployment } from "../deployment/deployment";
import {
  createResourceManager,
  nameOf,
  type ResourceManager,
  resourceGroupOf,
} from "../deployment/resource-manager";
import { checkAlertRules } from "./alert-rules";
import { checkAutomationRules } from "./automation-rules";
import { checkDefender, isInDefender } from "./defender";
import { checkAuthentication, checkCallers, findFunctionApp } from "./function-app";
import { type Line, linesNamed } from "./line";
import { readRecentIncidents } from "./recent-incidents";
import { checkRelay, type RelayReading, readRelay } from "./relay";
import { checkRoles, grantsOf } from "./roles";
import { checkDailyCaps } from "./telemetry";

/** Everything between an incident and the app, and what watches over it: as Azure Resource Manager shows it. */
export async function checkAzure(deployment: Deployment): Promise<readonly Line[]> {
  const { relayId, config } = deployment;
  const group = relayId && resourceGroupOf(relayId);
  if (!relayId || !group)
    return [linesNamed("relay").failed("its ARM id is not known: set AZURE_RELAY_ID to the output relayId")];
  const azure = createResourceManager(deployment);
  const workspaces = config.workspaces;
  const relay = await readRelay(azure, relayId);
  const lines = await Promise.all([
    relay.kind === "done"
      ? workspaces.map((workspace) => checkWorkspaceRules(deployment, azure, workspace, relay.value))
      : [],
    checkRelay(azure, relay),
    relay.kind === "done"
      ? checkAccess({ azure, group, relay: relay.value, appUrl: deployment.appUrl, workspaces })
      : [],
    checkDailyCaps(azure, group, workspaces),
    checkAlertRules(azure, group),
  ]);
  return (await Promise.all(lines.flat())).flat();
}

async function checkWorkspaceRules(
  { config }: Deployment,
  azure: ResourceManager,
  workspace: string,
  relay: RelayReading,
): Promise<readonly Line[]> {
  const incidents = await readRecentIncidents(azure, workspace);
  const now = Date.now();
  const rules = await checkAutomationRules({
    azure,
    workspace,
    relay,
    incidents,
    isInDefender: isInDefender(incidents),
    now,
  });
  return [checkDefender(incidents, { reconcile: config.reconciliation.mode, now }), rules].map((line) => ({
    ...line,
    text: `${nameOf(workspace)}: ${line.text}`,
  }));
}

interface AccessCheck {
  readonly azure: ResourceManager;
  /** Resource group of the deployment. */
  readonly group: string;
  readonly relay: RelayReading;
  readonly appUrl: string | undefined;
  /** ARM ids. */
  readonly workspaces: readonly string[];
}

/** Whether the relay can call the app, and whether both may use the workspaces. */
async function checkAccess(check: AccessCheck): Promise<readonly Line[]> {
  const { azure, group, relay, appUrl, workspaces } = check;
  const found = appUrl && (await findFunctionApp(azure, group, appUrl));
  const app = found && found.kind === "done" ? found.value : undefined;
  const roles = checkRoles(azure, grantsOf({ group, relay, app, workspaces }));
  if (!app) {
    const reason = found && found.kind !== "done" ? found.reason : "its URL is not known";
    return [...(await roles), linesNamed("callers").failed(reason)];
  }
  const stopped =
    app.state === "Running" ? [] : [linesNamed("app").failed(`is ${app.state}: start it in the portal`)];
  const lines = await Promise.all([
    roles,
    stopped,
    checkAuthentication(azure, app, relay.principalIds),
    checkCallers(azure, app, relay.principalIds),
  ]);
  return lines.flat();
}
