// The rule through which the app, and nothing else, writes rows into the table of the results of one Sentinel workspace. Its
// kind gives it an endpoint of its own (learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure).

import { roleIds } from '../roles.bicep'

@description('Region of the workspace: rule and workspace have to be in the same one.')
param location string
param tags object
param name string
param workspaceId string
param appPrincipalId string

var results = loadJsonContent('../results-table.json')
var stream = 'Custom-${results.name}'

resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: name
  location: location
  tags: tags
  kind: 'Direct'
  properties: {
    description: results.description
    streamDeclarations: {
      '${stream}': {
        columns: map(results.columns, column => {
          name: column.name
          type: column.type == 'bool' ? 'boolean' : column.type
        })
      }
    }
    destinations: {
      logAnalytics: [{ name: 'workspace', workspaceResourceId: workspaceId }]
    }
    dataFlows: [
      {
        streams: [stream]
        destinations: ['workspace']
        outputStream: stream
        transformKql: 'source'
      }
    ]
  }
}

resource publisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(rule.id, appPrincipalId, roleIds.monitoringMetricsPublisher)
  scope: rule
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.monitoringMetricsPublisher
    )
  }
}

output url string = uri(rule.properties.endpoints.logsIngestion, '/dataCollectionRules/${rule.properties.immutableId}')
