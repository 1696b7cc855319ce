// The API keys. They are readable for the app's identity, writable for the person who deploys, and in no app setting.

import { roleIds } from '../roles.bicep'

param location string
param tags object
param name string
param appPrincipalId string
param officerPrincipalId string
param publicAccess bool
param logWorkspaceId string

@secure()
param virusTotalApiKey string
@secure()
param intezerApiKey string
@secure()
param intezerWebhookAuthorization string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    // A deleted vault keeps its name that long, which cannot be shortened: the keys in it can be obtained again elsewhere.
    softDeleteRetentionInDays: 7
    enablePurgeProtection: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }

  // A secret that is not given stays in the vault unchanged, so that a second deployment needs no key.
  resource virusTotalKey 'secrets' = if (!empty(virusTotalApiKey)) {
    name: 'virustotal-api-key'
    properties: { value: virusTotalApiKey }
  }

  resource intezerKey 'secrets' = if (!empty(intezerApiKey)) {
    name: 'intezer-api-key'
    properties: { value: intezerApiKey }
  }

  resource webhookAuthorization 'secrets' = if (!empty(intezerWebhookAuthorization)) {
    name: 'intezer-webhook-authorization'
    properties: { value: intezerWebhookAuthorization }
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, appPrincipalId, roleIds.keyVaultSecretsUser)
  scope: vault
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.keyVaultSecretsUser)
  }
}

// A person or a pipeline: the type of the principal is left to Azure.
resource officer 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(officerPrincipalId)) {
  name: guid(vault.id, officerPrincipalId, roleIds.keyVaultSecretsOfficer)
  scope: vault
  properties: {
    principalId: officerPrincipalId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.keyVaultSecretsOfficer)
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-own-workspace'
  scope: vault
  properties: {
    workspaceId: logWorkspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

output id string = vault.id
output name string = vault.name
output url string = vault.properties.vaultUri
