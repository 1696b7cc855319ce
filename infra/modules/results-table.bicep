// The table of the results in one Sentinel workspace; deployed into the workspace's resource group. Another deployment
// that serves the workspace has the same table.

param workspaceName string

var results = loadJsonContent('../results-table.json')

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource table 'Microsoft.OperationalInsights/workspaces/tables@2023-09-01' = {
  parent: workspace
  name: results.name
  properties: {
    plan: 'Analytics'
    schema: {
      name: results.name
      description: results.description
      columns: map(results.columns, column => {
        name: column.name
        description: column.description
        type: column.type == 'bool' ? 'boolean' : column.type == 'datetime' ? 'dateTime' : column.type
      })
    }
  }
}

// Where the rule has to be as well. An output, since the location of a resource must be known before its template begins.
output location string = workspace.location
output workspaceId string = workspace.id
