metadata name = 'Machine Learning registry'
metadata description = 'A registry that keeps models, environments and components of a project, reachable through a private endpoint only. Its storage and container registry are managed by Azure.'

import { tagsType } from '../types.bicep'

@description('Name of the registry.')
param name string

@description('Region.')
param location string

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

@description('Resource id of the registry.')
output id string = registry.id
