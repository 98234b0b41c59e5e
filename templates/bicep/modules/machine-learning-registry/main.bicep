metadata name = 'Machine Learning registry'
metadata description = 'A registry that keeps models, environments and components of a project, reachable through a private endpoint only. Its storage and container registry are managed by Azure.'

import { everyLog, tagsType } from '../types.bicep'

@description('Name of the registry.')
param name string

@description('Region.')
param location string

@description('Resource id of the Log Analytics workspace that receives its logs.')
param workspaceId string

@description('Tags.')
param tags tagsType

resource registry 'Microsoft.MachineLearningServices/registries@2025-06-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    publicNetworkAccess: 'Disabled'
    regionDetails: [
      {
        location: location
        acrDetails: [
          {
            systemCreatedAcrAccount: {
              acrAccountSku: 'Premium'
            }
          }
        ]
        storageAccountDetails: [
          {
            systemCreatedStorageAccount: {
              allowBlobPublicAccess: false
              storageAccountHnsEnabled: false
              storageAccountType: 'Standard_LRS'
            }
          }
        ]
      }
    ]
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: registry
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logs: everyLog
  }
}

@description('Resource id of the registry.')
output id string = registry.id
