// Hunting queries in one workspace's Microsoft Sentinel; deployed into the workspace's resource group. Each is a file in the
// format of github.com/Azure/Azure-Sentinel, which Sentinel's repositories take as well.

param workspaceName string

var queries = [
  loadYamlContent('../hunting/closed-in-spite-of-malicious.yaml')
  loadYamlContent('../hunting/malicious-met-since.yaml')
  loadYamlContent('../hunting/malicious-url-clicked.yaml')
  loadYamlContent('../hunting/malicious-without-threat-intelligence.yaml')
  loadYamlContent('../hunting/never-checked.yaml')
  loadYamlContent('../hunting/unknown-then-malicious.yaml')
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

// The category and the tags make a saved search a hunting query (learn.microsoft.com/azure/sentinel/hunting-with-rest-api).
resource savedSearches 'Microsoft.OperationalInsights/workspaces/savedSearches@2023-09-01' = [
  for query in queries: {
    parent: workspace
    name: query.id
    properties: {
      category: 'Hunting Queries'
      displayName: 'Incident Enricher: ${query.name}'
      query: query.query
      version: 2
      tags: [
        { name: 'description', value: trim(query.description) }
        { name: 'tactics', value: join(query.tactics, ',') }
        { name: 'techniques', value: join(query.relevantTechniques, ',') }
      ]
    }
  }
]
