metadata name = 'Data Factory'
metadata description = 'A data factory without public network. Its integration runtime is inside a managed network and reaches the project\'s storage through a managed private endpoint, which the owner of the storage account approves.'

import { tagsType } from '../types.bicep'

@description('Name of the factory.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Resource id of the storage account that data flows into.')
param storageId string

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

resource factory 'Microsoft.DataFactory/factories@2018-06-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    publicNetworkAccess: 'Disabled'
  }
}

resource network 'Microsoft.DataFactory/factories/managedVirtualNetworks@2018-06-01' = {
  parent: factory
  name: 'default'
  properties: {}
}

resource runtime 'Microsoft.DataFactory/factories/integrationRuntimes@2018-06-01' = {
  parent: factory
  name: 'managed'
  properties: {
    type: 'Managed'
    description: 'Copies inside the managed network.'
    managedVirtualNetwork: {
      type: 'ManagedVirtualNetworkReference'
      referenceName: network.name
    }
    typeProperties: {
      computeProperties: {
        location: location
      }
    }
  }
}

resource storageEndpoint 'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints@2018-06-01' = {
  parent: network
  name: 'storage'
  properties: {
    groupId: 'blob'
    privateLinkResourceId: storageId
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: factory
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the factory.')
output id string = factory.id

@description('Object id of the identity of the factory.')
output principalId string = factory.identity.principalId
