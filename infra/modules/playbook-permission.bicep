// Lets Microsoft Sentinel start the playbooks of this resource group. It accepts no smaller scope, and an automation rule
// that names a playbook cannot be created without it.

import { roleIds } from '../roles.bicep'

@description('Object id of the enterprise application "Azure Security Insights".')
param securityInsightsPrincipalId string

resource sentinelStartsPlaybooks 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, securityInsightsPrincipalId, roleIds.sentinelAutomationContributor)
  properties: {
    principalId: securityInsightsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.sentinelAutomationContributor
    )
  }
}
