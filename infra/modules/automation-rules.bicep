// What starts the relay: new incidents of one workspace, and alerts added to them; deployed into the workspace's
// resource group.

param workspaceName string
param relayId string
param conditions array

@minValue(1)
@maxValue(999)
param order int

var rules = [
  { purpose: 'created', title: 'new incidents', when: 'Created', conditions: conditions }
  {
    // Only added alerts bring entities. Without this condition our own comment and tags would start the relay again.
    purpose: 'alerts-added'
    title: 'incidents that got alerts'
    when: 'Updated'
    conditions: concat(
      [
        {
          conditionType: 'PropertyArrayChanged'
          conditionProperties: { arrayType: 'Alerts', changeType: 'Added' }
        }
      ],
      conditions
    )
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource automationRules 'Microsoft.SecurityInsights/automationRules@2025-09-01' = [
  for (rule, i) in rules: {
    name: guid(workspace.id, relayId, rule.purpose)
    scope: workspace
    properties: {
      displayName: 'Incident Enricher: ${rule.title}'
      order: order + i
      triggeringLogic: {
        isEnabled: true
        triggersOn: 'Incidents'
        triggersWhen: rule.when
        conditions: rule.conditions
      }
      actions: [
        {
          order: 1
          actionType: 'RunPlaybook'
          actionConfiguration: { logicAppResourceId: relayId, tenantId: tenant().tenantId }
        }
      ]
    }
  }
]
