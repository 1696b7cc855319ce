import {
  at,
  describeRules,
  moduleOf,
  put,
  type Rule,
  resourceOf,
  resourcesOf,
  type Template,
  unlike,
} from "../support/arm-template";

/**
 * Properties of a site's configuration that Flex Consumption refuses ("The following site configuration properties
 * (Site.SiteConfig...) for Flex Consumption sites is invalid", error 51021), though Bicep's types have them
 * (Azure/terraform-azurerm-avm-res-web-site#345, #360), and others that its deprecations list for what
 * `functionAppConfig` says instead (learn.microsoft.com/azure/azure-functions/functions-app-settings, Flex
 * Consumption plan deprecations).
 */
const refusedProperties = [
  "alwaysOn",
  "ftpsState",
  "functionAppScaleLimit",
  "functionsRuntimeScaleMonitoringEnabled",
  "healthCheckPath",
  "javaVersion",
  "linuxFxVersion",
  "minimumElasticInstanceCount",
  "netFrameworkVersion",
  "nodeVersion",
  "phpVersion",
  "powerShellVersion",
  "preWarmedInstanceCount",
  "pythonVersion",
  "use32BitWorkerProcess",
  "vnetRouteAllEnabled",
  "windowsFxVersion",
];

/** Properties of the site itself that belong to other plans. */
const refusedOfTheSite = ["containerSize", "isXenon", "vnetContentShareEnabled", "vnetRouteAllEnabled"];

/** App settings that it refuses, from the same list. */
const refusedSettings = [
  "AzureWebJobsDashboard",
  "ENABLE_ORYX_BUILD",
  "FUNCTIONS_EXTENSION_VERSION",
  "FUNCTIONS_MAX_HTTP_CONCURRENCY",
  "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED",
  "FUNCTIONS_WORKER_PROCESS_COUNT",
  "FUNCTIONS_WORKER_RUNTIME",
  "FUNCTIONS_WORKER_RUNTIME_VERSION",
  "SCM_DO_BUILD_DURING_DEPLOYMENT",
  "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
  "WEBSITE_CONTENTOVERVNET",
  "WEBSITE_CONTENTSHARE",
  "WEBSITE_DNS_SERVER",
  "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT",
  "WEBSITE_MOUNT_ENABLED",
  "WEBSITE_NODE_DEFAULT_VERSION",
  "WEBSITE_RUN_FROM_PACKAGE",
  "WEBSITE_RUN_FROM_ZIP",
  "WEBSITE_SKIP_CONTENTSHARE_VALIDATION",
  "WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED",
  "WEBSITE_USE_ZIP",
  "WEBSITE_VNET_ROUTE_ALL",
];

const site = (template: Template) => resourceOf(template, "Microsoft.Web/sites");
const appSettings = (template: Template) =>
  resourceOf(template, "Microsoft.Web/sites/config", "'appsettings'");
const scale = "functionAppConfig.scaleAndConcurrency";

/** Names of properties of one object, or of an expression that makes one, whatever their case. */
function namesIn(value: unknown): readonly string[] {
  const written = typeof value === "string" ? value.match(/'([^']+)'/g) : Object.keys(value ?? {});
  return (written ?? []).map((name) => name.replaceAll("'", "").toLowerCase());
}
const amongThem = (names: readonly string[], refused: readonly string[]) =>
  refused.filter((name) => names.includes(name.toLowerCase()));

/** Settings as `sites/config` has them, as `siteConfig.appSettings` has them, and those that a deployment may add. */
function settingNames(template: Template): readonly string[] {
  const inner = (at(site(template), "properties.siteConfig.appSettings") ?? []) as { name: string }[];
  const { variables = {} } = moduleOf(template, "functionApp");
  return [
    ...namesIn(appSettings(template).properties),
    ...namesIn(variables.hostStorage),
    ...inner.map(({ name }) => name.toLowerCase()),
    ...namesIn(template.definitions?.optionalSettings?.properties),
  ];
}

const rules: readonly Rule[] = [
  {
    title: "the site has no property that Flex Consumption refuses",
    check: (template) => [
      ...amongThem(namesIn(at(site(template), "properties.siteConfig")), refusedProperties),
      ...amongThem(namesIn(site(template).properties), refusedOfTheSite),
      ...resourcesOf(template, "Microsoft.Web/sites/config")
        .filter(({ name }) => name?.includes("'web'"))
        .flatMap(({ properties }) => amongThem(namesIn(properties), refusedProperties)),
    ],
    broken: [
      ...refusedProperties.map((name) => (template: Template) => {
        put(site(template), `properties.siteConfig.${name}`, "");
      }),
      ...refusedOfTheSite.map((name) => (template: Template) => {
        put(site(template), `properties.${name}`, "");
      }),
      (template) => put(site(template), "properties.siteConfig.FtpsState", "Disabled"),
      (template) =>
        put(moduleOf(template, "functionApp").resources, "web", {
          type: "Microsoft.Web/sites/config",
          name: "[format('{0}/{1}', parameters('name'), 'web')]",
          properties: { ftpsState: "Disabled" },
        }),
    ],
  },
  {
    title: "no app setting is one that Flex Consumption refuses",
    check: (template) => amongThem(settingNames(template), refusedSettings),
    broken: [
      ...refusedSettings.map((name) => (template: Template) => {
        put(appSettings(template), "properties", `[createObject('${name}', '1')]`);
      }),
      (template) =>
        put(site(template), "properties.siteConfig.appSettings", [
          { name: "FUNCTIONS_WORKER_RUNTIME", value: "node" },
        ]),
      (template) =>
        put(template.definitions?.optionalSettings?.properties, "WEBSITE_RUN_FROM_PACKAGE", {
          type: "string",
        }),
    ],
  },
  {
    title: "nothing is deployed that Flex Consumption does not have",
    check: (template) => resourcesOf(template, "Microsoft.Web/sites/slots").map(({ name }) => String(name)),
    broken: [
      (template) =>
        put(moduleOf(template, "functionApp").resources, "slot", {
          type: "Microsoft.Web/sites/slots",
          name: "staging",
        }),
    ],
  },
  {
    title:
      "the app runs on Node 24 by default, with 2 GB and a number of instances that every region accepts",
    check: (template) => [
      ...unlike(resourceOf(template, "Microsoft.Web/serverfarms"), {
        "sku.name": "FC1",
        "sku.tier": "FlexConsumption",
        "properties.reserved": true,
      }),
      ...unlike(site(template).properties, {
        "functionAppConfig.runtime.name": "node",
        "functionAppConfig.runtime.version": "[parameters('nodeVersion')]",
        [`${scale}.maximumInstanceCount`]: "[parameters('maximumInstanceCount')]",
        [`${scale}.instanceMemoryMB`]: 2048,
      }),
      ...unlike(template.parameters, {
        "nodeVersion.defaultValue": "24",
        "nodeVersion.allowedValues": ["22", "24"],
        "maximumInstanceCount.defaultValue": 40,
        "alwaysReadyDurableInstances.defaultValue": 0,
        "vnetEnabled.defaultValue": false,
      }),
    ],
    broken: [
      (template) => put(template.parameters.maximumInstanceCount, "defaultValue", 10),
      (template) => put(template.parameters.nodeVersion, "defaultValue", "22"),
      (template) => put(template.parameters.nodeVersion, "allowedValues", ["20", "22", "24"]),
      (template) => put(site(template), "properties.functionAppConfig.runtime.version", "24"),
      (template) => put(site(template), `properties.${scale}.instanceMemoryMB`, 512),
    ],
  },
  {
    title: "the host finds its storage by the account's name in the global cloud, and by endpoints elsewhere",
    check: (template) => {
      const { variables = {} } = moduleOf(template, "functionApp");
      const wanted =
        /^\[if\(equals\(environment\(\)\.name, 'AzureCloud'\), createObject\('AzureWebJobsStorage__accountName', parameters\('storageName'\)\), createObject\('AzureWebJobsStorage__blobServiceUri', .+'AzureWebJobsStorage__queueServiceUri', .+'AzureWebJobsStorage__tableServiceUri', .+\)\)\]$/;
      return [
        ...(wanted.test(String(variables.hostStorage)) ? [] : [String(variables.hostStorage)]),
        ...(String(appSettings(template).properties).includes("variables('hostStorage')")
          ? []
          : ["the app settings lack it"]),
        ...(String(appSettings(template).properties).includes("ServiceUri") ? ["endpoints everywhere"] : []),
      ];
    },
    broken: [
      (template) =>
        put(
          moduleOf(template, "functionApp").variables,
          "hostStorage",
          "[createObject('AzureWebJobsStorage__blobServiceUri', 'x')]",
        ),
      (template) => put(appSettings(template), "properties", "[createObject('DRY_RUN', 'x')]"),
    ],
  },
];

describeRules("what Flex Consumption accepts", rules);
