// Everything that one deployment holds, in one resource group. This is the entry of the "Deploy to Azure" button, which
// deploys into a group (azuredeploy.json is compiled from it). main.bicep is azd's entry: azd deploys to a subscription, so
// that one creates the group and hands on to this one. Nothing else is written twice.

metadata title = 'Sentinel Incident Enricher'
metadata description = 'Looks up every file, IP address, domain and URL of a Microsoft Sentinel incident in VirusTotal and Intezer, and writes one comment and a few tags into the incident.'
metadata prerequisites = [
  'Owner, or Contributor and User Access Administrator, on this resource group and on the workspace\'s resource group.'
  'An app registration that stands for this app in Microsoft Entra ID, with the identifier URI api://<client id>, access token version 2 and an enterprise application (infra/entra.mjs creates it).'
  'The object id of the enterprise application "Azure Security Insights" (app id 98785600-1bb7-4fb9-b9fa-19afe2c8a360).'
  'An API key of VirusTotal, of Intezer, or both. A free VirusTotal key is for evaluation: VirusTotal\'s terms do not allow it in business workflows.'
  'With private networking: the resource provider Microsoft.App registered in the subscription.'
]
metadata postDeployment = [
  '1. Keys that were not given: store them in the vault as virustotal-api-key and intezer-api-key.'
  '2. Without a package URL: deploy the code to the function app.'
  '3. For triages by webhook: store the agreed Authorization value in the vault as intezer-webhook-authorization, and give Intezer the URL https://<function app>/api/webhooks/intezer?code=<function key of intezerWebhook>.'
  '4. Open an incident, choose "Run playbook", run the relay, and read the comment. All steps after the template are in docs/deploy-button.md.'
]
metadata lastUpdateTime = '2026-11-22T00:00:00Z'
metadata entities = ['File', 'FileHash', 'IP', 'DnsResolution', 'URL']
metadata tags = ['Enrichment', 'Threat intelligence']
metadata support = { tier: 'community' }
metadata author = { name: 'Sentinel Incident Enricher contributors' }

import { optionalSettings } from 'settings.bicep'

@description('Region of all resources; one that offers Flex Consumption.')
param location string = resourceGroup().location

@description('Tags of all resources.')
param tags object = {}

@description('ARM ids of the Log Analytics workspaces with Microsoft Sentinel that are served, separated by commas.')
@minLength(1)
param sentinelWorkspaces string

@description('What goes to Intezer besides hashes. submit: the WHOLE incident (accounts, hosts, email, URLs, regardless of the other settings) is sent to Intezer, and the comment waits for its triage. listen: nothing is sent, a triage that Intezer reports by webhook is written into the incident. off: neither.')
@allowed(['submit', 'listen', 'off'])
param intezerAlerts string

@description('VirusTotal API key. A free key is for evaluation: VirusTotal\'s terms do not allow it in business workflows. Empty: what is in the vault stays.')
@secure()
param virusTotalApiKey string = ''

@description('Intezer API key. Empty: what is in the vault stays.')
@secure()
param intezerApiKey string = ''

@description('The exact Authorization header that Intezer sends to the webhook. Empty: what is in the vault stays.')
@secure()
param intezerWebhookAuthorization string = ''

@description('Settings of the app that differ from their defaults, by name.')
param settings optionalSettings = {}

@description('Client id of the app registration that stands for this app; the relay gets its tokens for it.')
@minLength(36)
param authClientId string

@description('Identifier URI of that app registration.')
param authAudience string = 'api://${authClientId}'

@description('Object id, in this tenant, of the enterprise application "Azure Security Insights" (az ad sp show --id 98785600-1bb7-4fb9-b9fa-19afe2c8a360 --query id). It starts the relay.')
@minLength(36)
param securityInsightsPrincipalId string

@description('Conditions, all of which an incident must meet to be enriched, as Microsoft Sentinel writes them in an automation rule. Default: severity Low and above.')
param automationRuleConditions array = [
  {
    conditionType: 'Property'
    conditionProperties: {
      propertyName: 'IncidentSeverity'
      operator: 'Equals'
      propertyValues: ['Low', 'Medium', 'High']
    }
  }
]

@description('Order of the first of the two automation rules; the second comes right after it.')
@minValue(1)
@maxValue(999)
param automationRuleOrder int = 100

@description('Object id of the person or pipeline that may write secrets into the vault; empty for no one. Default: the one that deploys.')
param keyOfficerPrincipalId string = deployer().objectId

@description('on: the findings of a run also go, row by row, into the table IncidentEnrichment_CL of each served workspace, billed like its other data. off: they do not.')
@allowed(['on', 'off'])
param resultsTable string = 'on'

@description('Public URL of a released zip of the app; empty when the code is deployed in another way, for example by azd.')
param packageUri string = ''

@description('Version of Node that runs the app. Support for 22 ends in April 2027, for 24 in April 2028.')
@allowed(['22', '24'])
param nodeVersion string = '24'

@description('Maximum number of instances of each function group: HTTP functions are one group, orchestrations and activities another. Some regions accept no number below 40.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances for orchestrations that are always running. With 0 an idle deployment costs next to nothing, and the first run after a pause starts some seconds later.')
@minValue(0)
@maxValue(1000)
param alwaysReadyDurableInstances int = 0

@description('true: storage and vault get private IP addresses in a network of their own, with a NAT gateway for calls to the outside.')
param vnetEnabled bool = false

@description('Daily cap of telemetry in gigabytes; nothing is ingested beyond it.')
@minValue(1)
@maxValue(1000)
param telemetryDailyCapGb int = 1

@description('Email address that gets the alerts. Empty: the alerts are only in the portal.')
param alertEmail string = ''

var suffix = uniqueString(resourceGroup().id)
// In lower case and without a slash at the end: the names of role assignments and rules are made from them, and one
// workspace must not have two. Empty parts, as a trailing comma leaves, are left out.
var workspaceIds = union(
  filter(
    map(split(sentinelWorkspaces, ','), id => join(take(split(toLower(trim(id)), '/'), 9), '/')),
    id => !empty(id)
  ),
  []
)

var resultsWorkspaceIds = resultsTable == 'on' ? workspaceIds : []

// First and on its own: a role takes minutes until it holds, and the automation rules at the end need it.
module playbookPermission 'modules/playbook-permission.bicep' = {
  params: { securityInsightsPrincipalId: securityInsightsPrincipalId }
}

module identities 'modules/identities.bicep' = {
  params: {
    location: location
    tags: tags
    appName: 'id-enricher-${suffix}'
    relayName: 'id-enricher-relay-${suffix}'
  }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    location: location
    tags: tags
    workspaceName: 'log-enricher-${suffix}'
    componentName: 'appi-enricher-${suffix}'
    appPrincipalId: identities.outputs.app.principalId
    dailyCapGb: telemetryDailyCapGb
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'st${suffix}'
    packageContainer: 'app-package'
    appPrincipalId: identities.outputs.app.principalId
    publicAccess: !vnetEnabled
    logWorkspaceId: monitoring.outputs.workspaceId
  }
}

module keyVault 'modules/key-vault.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'kv-${suffix}'
    appPrincipalId: identities.outputs.app.principalId
    officerPrincipalId: keyOfficerPrincipalId
    publicAccess: !vnetEnabled
    logWorkspaceId: monitoring.outputs.workspaceId
    virusTotalApiKey: virusTotalApiKey
    intezerApiKey: intezerApiKey
    intezerWebhookAuthorization: intezerWebhookAuthorization
  }
}

module network 'modules/private-network.bicep' = if (vnetEnabled) {
  params: {
    location: location
    tags: tags
    name: 'vnet-enricher-${suffix}'
    storageId: storage.outputs.id
    vaultId: keyVault.outputs.id
  }
}

module workspaceAccess 'modules/workspace-access.bicep' = [
  for id in workspaceIds: {
    name: 'enricher-access-${uniqueString(id, resourceGroup().id)}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      workspaceName: last(split(id, '/'))
      appPrincipalId: identities.outputs.app.principalId
      relayPrincipalId: identities.outputs.relay.principalId
    }
  }
]

module resultsTables 'modules/results-table.bicep' = [
  for id in resultsWorkspaceIds: {
    name: 'enricher-table-${uniqueString(id, resourceGroup().id)}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: { workspaceName: last(split(id, '/')) }
  }
]

module resultsRules 'modules/results-rule.bicep' = [
  for (id, i) in resultsWorkspaceIds: {
    name: 'enricher-results-${uniqueString(id, resourceGroup().id)}'
    params: {
      location: resultsTables[i].outputs.location
      tags: tags
      name: 'dcr-enricher-${uniqueString(id, resourceGroup().id)}'
      workspaceId: resultsTables[i].outputs.workspaceId
      appPrincipalId: identities.outputs.app.principalId
    }
  }
]

module functionApp 'modules/function-app.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'func-enricher-${suffix}'
    planName: 'plan-enricher-${suffix}'
    app: identities.outputs.app
    relay: identities.outputs.relay
    nodeVersion: nodeVersion
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyDurableInstances: alwaysReadyDurableInstances
    storageName: storage.outputs.name
    storageEndpoints: storage.outputs.endpoints
    packageUrl: storage.outputs.packageUrl
    keyVaultUrl: keyVault.outputs.url
    connectionString: monitoring.outputs.connectionString
    sentinelWorkspaces: join(workspaceIds, ',')
    intezerAlerts: intezerAlerts
    resultsRules: [for (id, i) in resultsWorkspaceIds: '${id}=${resultsRules[i].outputs.url}']
    settings: settings
    authClientId: authClientId
    authAudience: authAudience
    subnetId: vnetEnabled ? network!.outputs.appSubnetId : ''
    packageUri: packageUri
  }
  dependsOn: [workspaceAccess]
}

module relay 'modules/relay.bicep' = {
  params: {
    location: location
    tags: tags
    name: 'logic-enricher-relay-${suffix}'
    relay: identities.outputs.relay
    starterUrl: uri(functionApp.outputs.origin, '/api/incidents')
    audience: authAudience
    logWorkspaceId: monitoring.outputs.workspaceId
  }
}

// Last, so that the permission of Microsoft Sentinel has had the time of everything else to take effect.
module automationRules 'modules/automation-rules.bicep' = [
  for id in workspaceIds: {
    name: 'enricher-rules-${uniqueString(id, resourceGroup().id)}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      workspaceName: last(split(id, '/'))
      relayId: relay.outputs.id
      conditions: automationRuleConditions
      order: automationRuleOrder
    }
    dependsOn: [playbookPermission, alerts]
  }
]

module alerts 'modules/alerts.bicep' = {
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    relayId: relay.outputs.id
    email: alertEmail
  }
}

// What reads the results comes with their table.
module workbook 'modules/workbook.bicep' = [
  for id in resultsWorkspaceIds: {
    name: 'enricher-workbook-${uniqueString(id, resourceGroup().id)}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      location: location
      tags: tags
      workspaceId: id
      workspaceIds: resultsWorkspaceIds
      appWorkspaceId: monitoring.outputs.workspaceId
    }
  }
]

module huntingQueries 'modules/hunting-queries.bicep' = [
  for id in resultsWorkspaceIds: {
    name: 'enricher-hunting-${uniqueString(id, resourceGroup().id)}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: { workspaceName: last(split(id, '/')) }
  }
]

output functionAppName string = functionApp.outputs.name
output functionAppUrl string = functionApp.outputs.origin
output keyVaultName string = keyVault.outputs.name
output storageAccountId string = storage.outputs.id
output relayId string = relay.outputs.id
