import type { Clock } from "../clock";
import { type AzureResources, createAzureResources } from "./azure-resources";

/** What the templates deploy, as far as `npm run check` looks at it. */
export interface DeployedResources extends AzureResources {
  /** Object ids of the three identities. */
  readonly principals: { readonly app: string; readonly relay: string; readonly sentinel: string };
  /** ARM ids. */
  readonly ids: {
    readonly app: string;
    readonly relay: string;
    readonly logs: string;
    readonly createdRule: string;
    readonly addedRule: string;
    readonly alertRule: string;
    /** Role assignments. */
    readonly relayRole: string;
    readonly appRole: string;
    readonly sentinelRole: string;
  };
}

const group = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-enricher";

const principals = {
  app: "0a000000-0000-4000-8000-000000000001",
  relay: "0a000000-0000-4000-8000-000000000002",
  sentinel: "0a000000-0000-4000-8000-000000000003",
};

/** ARM id of the relay in a simulated deployment. */
export const relayId = `${group}/providers/Microsoft.Logic/workflows/logic-enricher`;
/** Object id of its identity. */
export const relayPrincipalId = principals.relay;

const roles = {
  sentinelResponder: "3e150937-b8fe-4cfb-8069-0eaf05ecd056",
  sentinelReader: "8d289c81-5878-46d4-8554-54e1e3d8b5cb",
  sentinelAutomationContributor: "f4c81013-99ee-4d62-a7ee-b3f1f648599a",
};

const logAlerts = [
  "Runs failed",
  "Runs stay open",
  "API key rejected",
  "Webhook refused",
  "No run for 24 hours",
  "Results lost",
  "Telemetry cap reached",
];

const identity = (name: string, principalId: string) => ({
  type: "UserAssigned",
  userAssignedIdentities: {
    [`${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`]: {
      principalId,
      clientId: principalId.replace("0a", "0c"),
    },
  },
});

const dayMs = 24 * 60 * 60 * 1000;
const severities = {
  conditionType: "Property",
  conditionProperties: {
    propertyName: "IncidentSeverity",
    operator: "Equals",
    propertyValues: ["Low", "Medium", "High"],
  },
};
const alertsAdded = {
  conditionType: "PropertyArrayChanged",
  conditionProperties: { arrayType: "Alerts", changeType: "Added" },
};

/** Everything in order, deployed a day ago. `workspace` is Sentinel's ARM id, `host` the app's. */
export function deployResources(clock: Clock, workspace: string, host: string): DeployedResources {
  const azure = createAzureResources();
  const insights = `${group}/providers/Microsoft.Insights`;
  const rules = `${workspace}/providers/Microsoft.SecurityInsights/automationRules`;
  const ids = {
    app: `${group}/providers/Microsoft.Web/sites/func-enricher`,
    relay: relayId,
    logs: `${group}/providers/Microsoft.OperationalInsights/workspaces/log-enricher`,
    createdRule: `${rules}/0b000000-0000-4000-8000-000000000001`,
    addedRule: `${rules}/0b000000-0000-4000-8000-000000000002`,
    alertRule: `${insights}/scheduledQueryRules/Runs failed`,
    relayRole: azure.grant(workspace, roles.sentinelReader, principals.relay),
    appRole: azure.grant(workspace, roles.sentinelResponder, principals.app),
    sentinelRole: azure.grant(group, roles.sentinelAutomationContributor, principals.sentinel),
  };

  azure.put(ids.relay, {
    identity: identity("id-relay", principals.relay),
    properties: { state: "Enabled" },
  });
  azure.put(ids.app, {
    identity: identity("id-enricher", principals.app),
    properties: { state: "Running", defaultHostName: host },
  });
  azure.put(`${ids.app}/config/appsettings`, { properties: { RELAY_PRINCIPAL_IDS: principals.relay } });
  azure.put(`${ids.app}/config/authsettingsV2`, {
    properties: {
      platform: { enabled: true },
      globalValidation: { requireAuthentication: true, unauthenticatedClientAction: "Return401" },
      identityProviders: {
        azureActiveDirectory: {
          validation: {
            defaultAuthorizationPolicy: { allowedPrincipals: { identities: [principals.relay] } },
          },
        },
      },
    },
  });
  const capping = { dailyQuotaGb: 1, dataIngestionStatus: "RespectQuota" };
  azure.put(ids.logs, { properties: { workspaceCapping: capping } });
  azure.put(workspace, { properties: { workspaceCapping: { ...capping, dailyQuotaGb: -1 } } });
  azure.put(`${insights}/components/appi-enricher`, { properties: { WorkspaceResourceId: ids.logs } });

  const actionGroup = `${insights}/actionGroups/Incident Enricher`;
  for (const name of logAlerts)
    azure.put(`${insights}/scheduledQueryRules/${name}`, {
      properties: { enabled: true, actions: { actionGroups: [actionGroup] } },
    });
  azure.put(`${insights}/metricAlerts/Relay runs failed`, {
    properties: { enabled: true, actions: [{ actionGroupId: actionGroup }] },
  });

  const deployedAt = new Date(clock.now() - dayMs).toISOString();
  const rule = (displayName: string, triggersWhen: string, conditions: readonly object[]) => ({
    properties: {
      displayName: `Incident Enricher: ${displayName}`,
      createdTimeUtc: deployedAt,
      lastModifiedTimeUtc: deployedAt,
      triggeringLogic: { isEnabled: true, triggersOn: "Incidents", triggersWhen, conditions },
      actions: [
        { order: 1, actionType: "RunPlaybook", actionConfiguration: { logicAppResourceId: ids.relay } },
      ],
    },
  });
  azure.put(ids.createdRule, rule("new incidents", "Created", [severities]));
  azure.put(ids.addedRule, rule("incidents that got alerts", "Updated", [alertsAdded, severities]));
  return { ...azure, principals, ids };
}
