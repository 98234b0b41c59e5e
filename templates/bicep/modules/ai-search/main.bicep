metadata name = 'AI Search'
metadata description = 'A search service without API keys or public network, with its own identity.'

import { everyLog, profileType, tagsType } from '../types.bicep'

@description('Name of the service.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Strict services have three replicas, which the service level for queries and updates needs.')
param profile profileType

@description('Whether every index must be encrypted with a key of the project.')
param customerKey bool

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

resource service 'Microsoft.Search/searchServices@2025-05-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: profile == 'strict' ? 'standard' : 'basic'
  }
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    disableLocalAuth: true
    encryptionWithCmk: {
      enforcement: customerKey ? 'Enabled' : 'Unspecified'
    }
    hostingMode: 'default'
    networkRuleSet: {
      bypass: 'AzureServices'
      ipRules: []
    }
    partitionCount: 1
    publicNetworkAccess: 'disabled'
    replicaCount: profile == 'strict' ? 3 : 1
    semanticSearch: profile == 'strict' ? 'standard' : 'free'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: service
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logs: everyLog
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the service.')
output id string = service.id

@description('Object id of the identity of the service.')
output principalId string = service.identity.principalId
