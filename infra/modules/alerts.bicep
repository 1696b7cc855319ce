// The alerts that an operator gets: what must not wait until the workbook is opened. The queries read the app's own workspace: requests, the log lines of the app and the
// tracking events of Durable Functions (learn.microsoft.com/azure/azure-functions/durable/durable-functions-diagnostics).
// Nothing of it is sampled, nor are the exceptions that explain it (host.json).

param location string
param tags object
param workspaceId string
param relayId string

@description('Email address that gets the alerts. Empty: the alerts are only in the portal.')
param email string

resource recipients 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'Incident Enricher'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'Enricher'
    emailReceivers: [{ name: 'operators', emailAddress: email, useCommonAlertSchema: true }]
  }
}

var recipientIds = empty(email) ? [] : [recipients.id]

var something = { operator: 'GreaterThan', threshold: 0 }
var nothing = { operator: 'LessThan', threshold: 1 }

var rules = [
  {
    name: 'Runs failed'
    description: 'An incident was not enriched, or a triage from Intezer was not written. The exception of the failed run says why.'
    severity: 1
    every: 'PT15M'
    window: 'PT15M'
    alertOn: something
    query: '''
AppRequests
| where Name in ("enrichIncident", "consultProvider", "submitIncident", "deliverTriage", "enrichAgain", "sendResults") and Success == false
'''
  }
  {
    name: 'Runs stay open'
    description: 'A run did not end within six hours: look at its history, then at storage and at Microsoft Sentinel.'
    severity: 2
    every: 'PT1H'
    window: 'P1D'
    alertOn: something
    // Reading, lookups and a write that is repeated for two hours stay well below.
    query: '''
AppTraces
| extend category = tostring(Properties.Category), orchestrator = tostring(Properties.prop__functionName)
| where category == "Host.Triggers.DurableTask" and orchestrator == "enrichIncident"
| extend instanceId = tostring(Properties.prop__instanceId), state = tostring(Properties.prop__state)
| summarize
    startedAt = maxif(TimeGenerated, state in ("Scheduled", "Started")),
    endedAt = maxif(TimeGenerated, state in ("Completed", "Failed", "Terminated"))
    by instanceId
| where startedAt < ago(6h) and (isnull(endedAt) or endedAt < startedAt)
'''
  }
  {
    name: 'API key rejected'
    description: 'A provider or the vault refused an API key: nothing is looked up, submitted or read there until the key is replaced.'
    severity: 1
    every: 'PT15M'
    window: 'PT15M'
    alertOn: something
    query: '''
AppTraces
| where Message contains "cause: 'key'"
'''
  }
  {
    name: 'Webhook refused'
    description: 'The webhook answered 401 (wrong secret: a caller is guessing, or Intezer has another one) or 503 (secret missing, vault or task hub not reachable).'
    severity: 2
    every: 'PT15M'
    window: 'PT15M'
    alertOn: something
    query: '''
AppRequests
| where Name == "intezerWebhook" and ResultCode in ("401", "503")
'''
  }
  {
    name: 'No run for 24 hours'
    description: 'No incident was enriched for a day: look at the automation rules, the relay and the app. It also fires within the first hour after the first deployment, and resolves with the first run.'
    severity: 2
    every: 'PT1H'
    window: 'P1D'
    alertOn: nothing
    query: '''
AppRequests
| where Name == "enrichIncident"
'''
  }
  {
    name: 'Results lost'
    description: 'Rows of the results table could not be sent within a day. Comments and tags are not affected.'
    severity: 3
    every: 'PT1H'
    window: 'PT1H'
    alertOn: something
    query: '''
AppTraces
| where Message startswith "Lost rows of the results"
'''
  }
  {
    name: 'Telemetry cap reached'
    description: 'The workspace ingests no more telemetry today, so the other alerts cannot fire until it does again.'
    severity: 2
    every: 'PT1H'
    window: 'PT1H'
    alertOn: something
    query: '''
_LogOperation
| where Category =~ "Ingestion" and Detail contains "OverQuota"
'''
  }
]

resource logRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: rule.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Incident Enricher: ${rule.name}'
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: rule.alertOn.operator
            threshold: rule.alertOn.threshold
          }
        ]
      }
      autoMitigate: true
      // The tables appear with the first telemetry, after the rules.
      skipQueryValidation: true
      actions: { actionGroups: recipientIds }
    }
  }
]

resource relayRule 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'Relay runs failed'
  location: 'global'
  tags: tags
  properties: {
    description: 'The relay could not hand an incident to the app: its run history shows the answer.'
    severity: 1
    enabled: true
    scopes: [relayId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'failed'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Logic/workflows'
          metricName: 'RunsFailed'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    autoMitigate: true
    actions: [for id in recipientIds: { actionGroupId: id }]
  }
}
