// The app on Flex Consumption, reached by the relay's identity and, on two paths, without a token.

import { optionalSettings } from '../settings.bicep'
import { identity } from 'identities.bicep'

param location string
param tags object
param name string
param planName string
param app identity
param relay identity
param nodeVersion string
param maximumInstanceCount int
param alwaysReadyDurableInstances int

@description('Name of the storage account that holds the task hub.')
param storageName string

@description('Endpoints of that account: { blob, queue, table }.')
param storageEndpoints object
param packageUrl string
param keyVaultUrl string
param connectionString string
param sentinelWorkspaces string
param intezerAlerts string

@description('For each workspace whose results go into its table: its ARM id, =, and the URL of its rule.')
param resultsRules string[]
param settings optionalSettings

param authClientId string
param authAudience string

@description('Subnet for outgoing traffic; empty for none.')
param subnetId string

@description('Released zip to run; empty when the code is deployed otherwise.')
param packageUri string

// The host derives the endpoints of the global cloud from the name. Other clouds have other suffixes, so they get the
// endpoints themselves; with these, a host may start before it can reach its storage (Azure/azure-functions-host#11787).
var hostStorage = environment().name == 'AzureCloud'
  ? { AzureWebJobsStorage__accountName: storageName }
  : {
      AzureWebJobsStorage__blobServiceUri: storageEndpoints.blob
      AzureWebJobsStorage__queueServiceUri: storageEndpoints.queue
      AzureWebJobsStorage__tableServiceUri: storageEndpoints.table
    }

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  // azd finds the app by this tag.
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${app.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    // Flex Consumption refuses ftpsState and similar properties here; test/infra/flex-consumption.test.ts lists them. FTP is off all
    // the same: by the publishing policy below.
    siteConfig: {
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: app.id }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        // The quotas of the keys are the limit, not the instances.
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyDurableInstances == 0
          ? []
          : [{ name: 'durable', instanceCount: alwaysReadyDurableInstances }]
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(
      {
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: app.clientId
        APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${app.clientId};Authorization=AAD'
        AZURE_CLIENT_ID: app.clientId
        SENTINEL_WORKSPACES: sentinelWorkspaces
        RELAY_PRINCIPAL_IDS: relay.principalId
        KEY_VAULT_URL: keyVaultUrl
        INTEZER_ALERTS: intezerAlerts
        RESULTS_TABLE: empty(resultsRules) ? 'off' : 'on'
        RESULTS_RULES: join(resultsRules, ',')
      },
      hostStorage,
      settings
    )
  }

  resource authentication 'config' = {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true, runtimeVersion: '~1' }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        // Intezer and probes cannot get a token: the webhook checks a key and a secret of its own, health reveals nothing.
        excludedPaths: ['/api/webhooks/intezer', '/api/health']
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: authClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: {
            // A version 2 token names the client id as its audience, a version 1 token the identifier URI.
            allowedAudiences: [authClientId, authAudience]
            // Without it every principal of the tenant that can get a token for the audience would pass.
            defaultAuthorizationPolicy: {
              allowedApplications: [relay.clientId]
              allowedPrincipals: { identities: [relay.principalId] }
            }
          }
        }
      }
      login: { tokenStore: { enabled: false } }
      httpSettings: { requireHttps: true }
    }
    // Two changes of the configuration at once refuse each other.
    dependsOn: [appSettings]
  }

  resource ftpPublishing 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scmPublishing 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  // Last, so that the code never runs without its settings or without authentication.
  resource code 'extensions@2022-09-01' = if (!empty(packageUri)) {
    name: 'onedeploy'
    // The published type does not have them. The zip holds its production dependencies: nothing is built on Azure.
    #disable-next-line BCP187
    properties: {
      packageUri: packageUri
      remoteBuild: false
    }
    dependsOn: [appSettings, authentication, ftpPublishing, scmPublishing]
  }
}

// No diagnostic setting: FunctionAppLogs would repeat every trace of Application Insights in the same workspace, without
// any filter by level (Azure/azure-functions-host#11434), and use up the daily cap that the alerts depend on.

output name string = site.name
output origin string = 'https://${site.properties.defaultHostName}'
