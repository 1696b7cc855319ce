// The workbook in one workspace's Microsoft Sentinel; deployed into the workspace's resource group, since Sentinel lists
// only workbooks of that group whose source is the workspace. workbook.json is its layout. What is there behind an @
// is put in here: the queries, each from a file of its own, and the ids of the workspaces.

param location string
param tags object

@description('ARM id of the workspace with Microsoft Sentinel.')
param workspaceId string

@description('ARM ids of all workspaces that the app serves.')
param workspaceIds array

@description('ARM id of the workspace that has the app\'s telemetry.')
param appWorkspaceId string

var title = 'Incident Enricher'

var insertions = {
  workspace: workspaceId
  workspaces: string(map(workspaceIds, id => choice(id, workspaceId)))
  appWorkspace: appWorkspaceId
  appWorkspaces: string([choice(appWorkspaceId, appWorkspaceId)])
  'queries/closings-by-rule.kql': loadTextContent('../workbook/queries/closings-by-rule.kql')
  'queries/closings-incidents.kql': loadTextContent('../workbook/queries/closings-incidents.kql')
  'queries/coverage-by-day.kql': loadTextContent('../workbook/queries/coverage-by-day.kql')
  'queries/coverage-causes.kql': loadTextContent('../workbook/queries/coverage-causes.kql')
  'queries/coverage-figures.kql': loadTextContent('../workbook/queries/coverage-figures.kql')
  'queries/indicator-answers.kql': loadTextContent('../workbook/queries/indicator-answers.kql')
  'queries/indicator-incidents.kql': loadTextContent('../workbook/queries/indicator-incidents.kql')
  'queries/indicators.kql': loadTextContent('../workbook/queries/indicators.kql')
  'queries/left-undone.kql': loadTextContent('../workbook/queries/left-undone.kql')
  'queries/operation-failures.kql': loadTextContent('../workbook/queries/operation-failures.kql')
  'queries/operation-ingestion.kql': loadTextContent('../workbook/queries/operation-ingestion.kql')
  'queries/operation-lost-results.kql': loadTextContent('../workbook/queries/operation-lost-results.kql')
  'queries/operation-open.kql': loadTextContent('../workbook/queries/operation-open.kql')
  'queries/operation-relay.kql': loadTextContent('../workbook/queries/operation-relay.kql')
  'queries/operation-runs.kql': loadTextContent('../workbook/queries/operation-runs.kql')
  'queries/quota-used.kql': loadTextContent('../workbook/queries/quota-used.kql')
  'queries/requests-by-day.kql': loadTextContent('../workbook/queries/requests-by-day.kql')
  'queries/today-figures.kql': loadTextContent('../workbook/queries/today-figures.kql')
  'queries/today-incidents.kql': loadTextContent('../workbook/queries/today-incidents.kql')
  'queries/today-pending.kql': loadTextContent('../workbook/queries/today-pending.kql')
  'queries/today-verdicts.kql': loadTextContent('../workbook/queries/today-verdicts.kql')
}

@description('An entry of a list of resources from which the reader chooses.')
func choice(id string, chosen string) object => {
  value: id
  label: last(split(id, '/'))
  selected: id == chosen
}

@description('A text as JSON has it, with its quotation marks.')
func json(text string) string => take(skip(string([text]), 1), length(string([text])) - 2)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspaceId, appWorkspaceId)
  location: location
  tags: union(tags, { 'hidden-title': title })
  kind: 'shared'
  properties: {
    displayName: title
    category: 'sentinel'
    sourceId: workspaceId
    version: 'Notebook/1.0'
    serializedData: reduce(
      items(insertions),
      loadTextContent('../workbook/workbook.json'),
      (content, insertion) => replace(content, '"@${insertion.key}"', json(insertion.value))
    )
  }
}
