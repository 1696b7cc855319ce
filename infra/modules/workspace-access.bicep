// What the app and the relay may do in one Sentinel workspace; deployed into the workspace's resource group.

import { roleIds } from '../roles.bicep'

param workspaceName string
param appPrincipalId string
param relayPrincipalId string

var grants = [
  { principalId: appPrincipalId, roleId: roleIds.sentinelResponder }
  { principalId: relayPrincipalId, roleId: roleIds.sentinelReader }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in grants: {
    name: guid(workspace.id, grant.principalId, grant.roleId)
    scope: workspace
    properties: {
      principalId: grant.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.roleId)
    }
  }
]
