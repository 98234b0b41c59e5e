metadata name = 'Cosmos DB'
metadata description = 'A Cosmos DB account for NoSQL without keys or public network; agents keep their threads in it.'

import { everyLog, profileType, tagsType } from '../types.bicep'

@description('Name of the account.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Strict accounts are zone redundant, restore to any point of 30 days and have no ceiling of throughput.')
param profile profileType

@description('Most request units per second of all containers together, where the account is not strict.')
@minValue(400)
param throughputLimit int = 4000

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    backupPolicy: {
      type: 'Continuous'
      continuousModeProperties: {
        tier: profile == 'strict' ? 'Continuous30Days' : 'Continuous7Days'
      }
    }
    capacity: {
      totalThroughputLimit: profile == 'strict' ? -1 : throughputLimit
    }
    consistencyPolicy: {
      defaultConsistencyLevel: 'Session'
    }
    disableKeyBasedMetadataWriteAccess: true
    disableLocalAuth: true
    enableAutomaticFailover: false
    enableFreeTier: false
    enableMultipleWriteLocations: false
    locations: [
      {
        locationName: location
        failoverPriority: 0
        isZoneRedundant: profile == 'strict'
      }
    ]
    minimalTlsVersion: 'Tls12'
    networkAclBypass: 'None'
    publicNetworkAccess: 'Disabled'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account
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

@description('Resource id of the account.')
output id string = account.id
