// Two identities, so that the relay can never read a secret or write to an incident. They exist before everything that
// grants them roles.

param location string
param tags object
param appName string
param relayName string

resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: appName
  location: location
  tags: tags
}

resource relay 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: relayName
  location: location
  tags: tags
}

@export()
type identity = {
  id: string
  principalId: string
  clientId: string
}

output app identity = {
  id: app.id
  principalId: app.properties.principalId
  clientId: app.properties.clientId
}

output relay identity = {
  id: relay.id
  principalId: relay.properties.principalId
  clientId: relay.properties.clientId
}
