// The ids of all roles that are granted anywhere, and why (Azure built-in roles, learn.microsoft.com/azure/role-based-access-control).

@export()
@description('Ids of the built-in roles that the deployment grants.')
var roleIds = {
  // The app's package and the task hub: Durable Functions needs blobs, queues and tables.
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  // Telemetry, since instrumentation keys alone are refused; and rows of the results, on their rule only.
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  // The app reads the API keys; the person who deploys may write them.
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  // The app reads incidents and writes comments and tags; the relay's trigger only reads.
  sentinelResponder: '3e150937-b8fe-4cfb-8069-0eaf05ecd056'
  sentinelReader: '8d289c81-5878-46d4-8554-54e1e3d8b5cb'
  // Microsoft Sentinel itself starts the relay.
  sentinelAutomationContributor: 'f4c81013-99ee-4d62-a7ee-b3f1f648599a'
}
