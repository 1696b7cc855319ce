// The relay playbook: an automation rule can start nothing else. It hands the incident to the app and ends.

import { identity } from 'identities.bicep'

param location string
param tags object
param name string
param relay identity
param starterUrl string
param audience string
param logWorkspaceId string

var sentinelApiId = subscriptionResourceId('Microsoft.Web/locations/managedApis', location, 'azuresentinel')

// The body of an incident is in both, and run history is readable for every reader of the resource group.
var hiddenFromRunHistory = { secureData: { properties: ['inputs', 'outputs'] } }

resource connection 'Microsoft.Web/connections@2016-06-01' = {
  name: 'azuresentinel-${name}'
  location: location
  tags: tags
  properties: {
    displayName: 'azuresentinel-${name}'
    api: { id: sentinelApiId }
    // What makes it a connection for managed identities; the published type does not have it.
    #disable-next-line BCP037
    parameterValueType: 'Alternative'
  }
}

resource workflow 'Microsoft.Logic/workflows@2019-05-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${relay.id}': {} }
  }
  properties: {
    state: 'Enabled'
    parameters: {
      '$connections': {
        value: {
          azuresentinel: {
            id: sentinelApiId
            connectionId: connection.id
            connectionName: connection.name
            connectionProperties: {
              authentication: { type: 'ManagedServiceIdentity', identity: relay.id }
            }
          }
        }
      }
    }
    definition: {
      '$schema': 'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#'
      contentVersion: '1.0.0.0'
      parameters: {
        '$connections': { type: 'Object', defaultValue: {} }
      }
      triggers: {
        Microsoft_Sentinel_incident: {
          type: 'ApiConnectionWebhook'
          inputs: {
            host: { connection: { name: '@parameters(\'$connections\')[\'azuresentinel\'][\'connectionId\']' } }
            body: { callback_url: '@{listCallbackUrl()}' }
            path: '/incident-creation'
          }
          runtimeConfiguration: hiddenFromRunHistory
        }
      }
      actions: {
        Start_enrichment: {
          type: 'Http'
          runAfter: {}
          inputs: {
            method: 'POST'
            uri: starterUrl
            headers: { 'Content-Type': 'application/json' }
            body: '@triggerBody()'
            authentication: { type: 'ManagedServiceIdentity', identity: relay.id, audience: audience }
            retryPolicy: {
              type: 'exponential'
              count: 8
              interval: 'PT10S'
              minimumInterval: 'PT10S'
              maximumInterval: 'PT2M'
            }
          }
          // The starter answers 202 and there is nothing to poll.
          operationOptions: 'DisableAsyncPattern'
          runtimeConfiguration: hiddenFromRunHistory
          // Of all attempts together, with the waits between them: eight retries wait for ten and a half minutes at most. One
          // request has the platform's limit of two minutes.
          limit: { timeout: 'PT15M' }
        }
      }
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-own-workspace'
  scope: workflow
  properties: {
    workspaceId: logWorkspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

output id string = workflow.id
output name string = workflow.name
