// Entry of azd, which deploys to a subscription: creates the resource group and deploys azuredeploy.bicep into it. What is
// not given here (null) has the default that azuredeploy.bicep states.

targetScope = 'subscription'

import { optionalSettings } from 'settings.bicep'

@description('Name of the environment; the resource group is named after it.')
@minLength(1)
@maxLength(60)
param environmentName string

@description('Region of all resources; one that offers Flex Consumption.')
@minLength(1)
@metadata({ azd: { type: 'location' } })
param location string

@description('ARM ids of the Log Analytics workspaces with Microsoft Sentinel that are served, separated by commas.')
@minLength(1)
param sentinelWorkspaces string

@description('What goes to Intezer besides hashes. submit: the WHOLE incident (accounts, hosts, email, URLs, regardless of the other settings) is sent to Intezer, and the comment waits for its triage. listen: nothing is sent, a triage that Intezer reports by webhook is written into the incident. off: neither.')
@allowed(['submit', 'listen', 'off'])
param intezerAlerts string

@description('VirusTotal API key. A free key is for evaluation: VirusTotal\'s terms do not allow it in business workflows.')
@secure()
param virusTotalApiKey string?

@description('Intezer API key.')
@secure()
param intezerApiKey string?

@description('The exact Authorization header that Intezer sends to the webhook.')
@secure()
param intezerWebhookAuthorization string?

@description('Settings of the app that differ from their defaults, by name.')
param settings optionalSettings = {}

@description('Client id of the app registration that stands for this app; entra.mjs finds or creates it.')
param authClientId string

@description('Identifier URI of that app registration. Default: api://<client id>.')
param authAudience string?

@description('Object id of the enterprise application "Azure Security Insights"; entra.mjs finds it.')
param securityInsightsPrincipalId string

@description('Object id of the person or pipeline that may write secrets into the vault. Default: the one that deploys.')
param keyOfficerPrincipalId string?

@description('Conditions that an incident must meet to be enriched.')
param automationRuleConditions array?

@description('Order of the first of the two automation rules.')
param automationRuleOrder int?

@description('Version of Node that runs the app: 22 or 24.')
param nodeVersion string?

@description('Maximum number of instances of each function group. Some regions accept no number below 40.')
param maximumInstanceCount int?

@description('Instances for orchestrations that are always running.')
param alwaysReadyDurableInstances int?

@description('true: storage and vault get private IP addresses.')
param vnetEnabled bool?

@description('Daily cap of telemetry in gigabytes; nothing is ingested beyond it.')
param telemetryDailyCapGb int?

@description('on: results also go into the table IncidentEnrichment_CL of each served workspace. off: they do not.')
param resultsTable string?

@description('Email address that gets the alerts.')
param alertEmail string?

// azd finds the environment by this tag.
var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module enricher 'azuredeploy.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    sentinelWorkspaces: sentinelWorkspaces
    intezerAlerts: intezerAlerts
    virusTotalApiKey: virusTotalApiKey
    intezerApiKey: intezerApiKey
    intezerWebhookAuthorization: intezerWebhookAuthorization
    settings: settings
    authClientId: authClientId
    authAudience: authAudience
    securityInsightsPrincipalId: securityInsightsPrincipalId
    keyOfficerPrincipalId: keyOfficerPrincipalId
    automationRuleConditions: automationRuleConditions
    automationRuleOrder: automationRuleOrder
    nodeVersion: nodeVersion
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyDurableInstances: alwaysReadyDurableInstances
    vnetEnabled: vnetEnabled
    telemetryDailyCapGb: telemetryDailyCapGb
    resultsTable: resultsTable
    alertEmail: alertEmail
  }
}

// azd keeps these as values of the environment.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_APP_NAME string = enricher.outputs.functionAppName
output AZURE_FUNCTION_APP_URL string = enricher.outputs.functionAppUrl
output AZURE_KEY_VAULT_NAME string = enricher.outputs.keyVaultName
output AZURE_STORAGE_ACCOUNT_ID string = enricher.outputs.storageAccountId
output AZURE_RELAY_ID string = enricher.outputs.relayId
output AZURE_TENANT_ID string = tenant().tenantId
output SENTINEL_WORKSPACES string = sentinelWorkspaces
output INTEZER_ALERTS string = intezerAlerts
