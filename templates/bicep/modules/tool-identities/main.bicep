metadata name = 'Tool identities'
metadata description = 'One managed identity for each name in agents/tools.yaml: the systems behind the tools tell them apart and give each what its tool needs. The deploy identity may attach them to the application.'

import { principalType, tagsType } from '../types.bicep'

@description('Names of the identities, as agents/tools.yaml has them.')
param names string[]

@description('What resource names end with: prefix, project, environment and region.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Identity that attaches them to the application.')
param deploy principalType

var managedIdentityOperator = 'f1a07417-d97a-45cb-824c-7a7467783830'

resource tool 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = [
  for name in names: {
    name: 'id-tool-${name}-${suffix}'
    location: location
    tags: tags
  }
]

resource attaches 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in names: {
    scope: tool[index]
    name: guid(toLower(tool[index].id), toLower(deploy.id), managedIdentityOperator)
    properties: {
      principalId: deploy.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', managedIdentityOperator)
      description: 'coe-scaffold: attach the identity of a tool'
    }
  }
]

@description('Resource ids, in the order of the names.')
output ids string[] = [for (name, index) in names: tool[index].id]

@description('Client ids by name.')
output clients array = [
  for (name, index) in names: {
    name: name
    clientId: tool[index].properties.clientId
  }
]
