import {
  at,
  describeRules,
  moduleOf,
  put,
  type Rule,
  resourceOf,
  resourcesOf,
  type Template,
  templatesIn,
  unlike,
} from "../support/arm-template";

/** Azure's built-in roles by their ids (learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
const knownRoles = {
  storageBlobDataOwner: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  storageQueueDataContributor: "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
  storageTableDataContributor: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
  monitoringMetricsPublisher: "3913510d-42f4-4e42-8a64-420c390055eb",
  keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  keyVaultSecretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  sentinelResponder: "3e150937-b8fe-4cfb-8069-0eaf05ecd056",
  sentinelReader: "8d289c81-5878-46d4-8554-54e1e3d8b5cb",
  sentinelAutomationContributor: "f4c81013-99ee-4d62-a7ee-b3f1f648599a",
};

const guid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

const assignments = (template: Template) => resourcesOf(template, "Microsoft.Authorization/roleAssignments");
const assignment = (template: Template, about: string) => {
  const found = assignments(template).find((resource) => JSON.stringify(resource).includes(about));
  if (!found) throw new Error(`No role assignment mentions ${about}`);
  return found;
};
const vault = (template: Template) => resourceOf(template, "Microsoft.KeyVault/vaults");
const storage = (template: Template) => resourceOf(template, "Microsoft.Storage/storageAccounts");
const site = (template: Template) => resourceOf(template, "Microsoft.Web/sites");
const authentication = (template: Template) =>
  resourceOf(template, "Microsoft.Web/sites/config", "'authsettingsV2'").properties;
const publishing = (template: Template, way: string) =>
  resourceOf(template, "Microsoft.Web/sites/basicPublishingCredentialsPolicies", `'${way}'`);

const subnets = (template: Template) =>
  at(resourceOf(template, "Microsoft.Network/virtualNetworks"), "properties.subnets") as {
    name: string;
    properties: Record<string, unknown>;
  }[];

const policy = "identityProviders.azureActiveDirectory.validation.defaultAuthorizationPolicy";
const relayAction = "properties.definition.actions.Start_enrichment";
const relayTrigger = "properties.definition.triggers.Microsoft_Sentinel_incident";
const workflow = (template: Template) => resourceOf(template, "Microsoft.Logic/workflows");

/** What `[variables('x')]` stands for in the relay's module. */
function relayPart(template: Template, path: string): unknown {
  const value = at(workflow(template), path);
  const [, variable] = /^\[variables\('(\w+)'\)\]$/.exec(String(value)) ?? [];
  return variable === undefined ? value : moduleOf(template, "relay").variables?.[variable];
}

const rules: readonly Rule[] = [
  {
    title: "all ids of roles come from one table, and are those of the roles that it names",
    check: (template) => {
      const tables = templatesIn(template).flatMap(({ variables = {} }) => variables.roleIds ?? []);
      const literal = assignments(template).filter(({ name, properties }) =>
        guid.test(JSON.stringify([name, properties])),
      );
      const granting = templatesIn(template).filter(({ resources }) =>
        Object.values(resources).some(({ type }) => type === "Microsoft.Authorization/roleAssignments"),
      );
      const otherVariables = granting.flatMap(({ variables = {} }) =>
        Object.entries(variables).filter(
          ([name, value]) => name !== "roleIds" && guid.test(JSON.stringify(value)),
        ),
      );
      return [
        ...tables.flatMap((table) => unlike(table, knownRoles)),
        ...[...literal, ...otherVariables].map((found) => JSON.stringify(found)),
        ...(tables.length === 0 ? ["there is no table"] : []),
      ];
    },
    broken: [
      (template) => put(moduleOf(template, "keyVault").variables, "roleIds.keyVaultSecretsUser", guid.source),
      (template) =>
        put(
          assignment(template, "keyVaultSecretsUser"),
          "properties.roleDefinitionId",
          `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${knownRoles.sentinelReader}')]`,
        ),
      (template) =>
        put(moduleOf(template, "storage").variables, "appRoles", [knownRoles.storageBlobDataOwner]),
    ],
  },
  {
    title: "roles are granted on one resource; only Microsoft Sentinel gets its role on the resource group",
    check: (template) =>
      assignments(template)
        .filter((resource) => !resource.scope?.startsWith("[resourceId('"))
        .filter((resource) => !String(resource.name).includes(".sentinelAutomationContributor"))
        .map(({ name }) => String(name)),
    broken: [
      (template) => put(assignment(template, "Microsoft.KeyVault/vaults"), "scope", undefined),
      (template) => put(assignment(template, "Microsoft.Storage"), "scope", "[subscription().id]"),
    ],
  },
  {
    title: "the relay may only read incidents, and the app may not author rules",
    check: (template) => {
      const grants = moduleOf(template, "workspaceAccess").variables?.grants;
      const wanted = [
        { principalId: "[parameters('appPrincipalId')]", roleId: "[variables('roleIds').sentinelResponder]" },
        { principalId: "[parameters('relayPrincipalId')]", roleId: "[variables('roleIds').sentinelReader]" },
      ];
      return unlike({ grants }, { grants: wanted });
    },
    broken: [
      (template) =>
        put(
          moduleOf(template, "workspaceAccess").variables,
          "grants.1.roleId",
          "[variables('roleIds').sentinelResponder]",
        ),
    ],
  },
  {
    title: "storage refuses shared keys, anonymous readers and old TLS",
    check: (template) =>
      unlike(storage(template).properties, {
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        minimumTlsVersion: "TLS1_2",
        supportsHttpsTrafficOnly: true,
      }),
    broken: [
      (template) => put(storage(template), "properties.allowSharedKeyAccess", true),
      (template) => put(storage(template), "properties.minimumTlsVersion", "TLS1_0"),
    ],
  },
  {
    title: "the vault knows roles only, and what was deleted cannot be purged",
    check: (template) =>
      unlike(vault(template).properties, { enableRbacAuthorization: true, enablePurgeProtection: true }),
    broken: [
      (template) => put(vault(template), "properties.enableRbacAuthorization", false),
      (template) => put(vault(template), "properties.enablePurgeProtection", undefined),
    ],
  },
  {
    title: "with private networking storage and vault have private addresses only",
    check: (template) => [
      ...[storage(template), vault(template)].flatMap(({ properties }) =>
        unlike(properties, {
          publicNetworkAccess: "[if(parameters('publicAccess'), 'Enabled', 'Disabled')]",
          "networkAcls.defaultAction": "[if(parameters('publicAccess'), 'Allow', 'Deny')]",
        }),
      ),
      ...["storage", "keyVault"].flatMap((name) =>
        unlike(template.resources[name]?.properties, {
          "parameters.publicAccess.value": "[not(parameters('vnetEnabled'))]",
        }),
      ),
      ...unlike(template.resources.network, { condition: "[parameters('vnetEnabled')]" }),
      ...["blob", "queue", "table", "vault"].filter(
        (service) => !JSON.stringify(moduleOf(template, "network").variables).includes(`'${service}'`),
      ),
      ...subnets(template)
        .filter(({ properties }) => !properties.networkSecurityGroup)
        .map(({ name }) => `anything may call into the subnet ${name}`),
      ...unlike(subnets(template)[1], {
        "properties.privateEndpointNetworkPolicies": "NetworkSecurityGroupEnabled",
      }),
    ],
    broken: [
      (template) => put(storage(template), "properties.publicNetworkAccess", "Enabled"),
      (template) => put(template.resources.keyVault, "properties.parameters.publicAccess", { value: true }),
      (template) => put(moduleOf(template, "network").variables, "storageServices", []),
      (template) => put(subnets(template)[0], "properties.networkSecurityGroup", undefined),
      (template) => put(subnets(template)[1], "properties.privateEndpointNetworkPolicies", undefined),
    ],
  },
  {
    title: "telemetry is taken from identities only, up to a daily cap",
    check: (template) => [
      ...unlike(resourceOf(template, "Microsoft.Insights/components").properties, { DisableLocalAuth: true }),
      ...unlike(resourceOf(template, "Microsoft.OperationalInsights/workspaces").properties, {
        "features.disableLocalAuth": true,
        "workspaceCapping.dailyQuotaGb": "[parameters('dailyCapGb')]",
      }),
    ],
    broken: [
      (template) =>
        put(resourceOf(template, "Microsoft.Insights/components"), "properties.DisableLocalAuth", false),
      (template) =>
        put(
          resourceOf(template, "Microsoft.OperationalInsights/workspaces"),
          "properties.workspaceCapping.dailyQuotaGb",
          -1,
        ),
    ],
  },
  {
    title: "the app takes TLS 1.2 and no FTP, and code from identities only",
    check: (template) => [
      ...unlike(site(template).properties, {
        httpsOnly: true,
        "siteConfig.minTlsVersion": "1.2",
        "siteConfig.scmMinTlsVersion": "1.2",
      }),
      ...["ftp", "scm"].flatMap((way) => unlike(publishing(template, way).properties, { allow: false })),
    ],
    broken: [
      (template) => put(publishing(template, "ftp"), "properties.allow", true),
      (template) => put(site(template), "properties.siteConfig.minTlsVersion", "1.1"),
      (template) => put(publishing(template, "scm"), "properties.allow", true),
    ],
  },
  {
    title: "only the relay's identity is admitted, except to the webhook and to health",
    check: (template) =>
      unlike(authentication(template), {
        "platform.enabled": true,
        "globalValidation.requireAuthentication": true,
        "globalValidation.unauthenticatedClientAction": "Return401",
        "globalValidation.excludedPaths": ["/api/webhooks/intezer", "/api/health"],
        [`${policy}.allowedPrincipals.identities`]: ["[parameters('relay').principalId]"],
        [`${policy}.allowedApplications`]: ["[parameters('relay').clientId]"],
        "login.tokenStore.enabled": false,
      }),
    broken: [
      (template) =>
        put(authentication(template), "globalValidation.excludedPaths", ["/api/webhooks/*", "/api/health"]),
      (template) => put(authentication(template), "globalValidation.requireAuthentication", false),
      (template) => put(authentication(template), policy, {}),
    ],
  },
  {
    title: "the relay shows a token of its identity, polls nothing, and hides the incident from its history",
    check: (template) => {
      const hidden = { secureData: { properties: ["inputs", "outputs"] } };
      return [
        ...unlike(workflow(template), {
          [`${relayAction}.inputs.authentication.type`]: "ManagedServiceIdentity",
          [`${relayAction}.inputs.authentication.identity`]: "[parameters('relay').id]",
          [`${relayAction}.inputs.authentication.audience`]: "[parameters('audience')]",
          [`${relayAction}.inputs.body`]: "@triggerBody()",
          [`${relayAction}.operationOptions`]: "DisableAsyncPattern",
        }),
        ...[relayAction, relayTrigger].flatMap((part) =>
          unlike({ part: relayPart(template, `${part}.runtimeConfiguration`) }, { part: hidden }),
        ),
      ];
    },
    broken: [
      (template) => put(workflow(template), `${relayAction}.operationOptions`, undefined),
      (template) => put(workflow(template), `${relayAction}.inputs.authentication`, { type: "Raw" }),
      (template) => put(workflow(template), `${relayTrigger}.runtimeConfiguration`, undefined),
      (template) =>
        put(moduleOf(template, "relay").variables, "hiddenFromRunHistory.secureData.properties", ["inputs"]),
    ],
  },
];

describeRules("access in the deployment", rules);
