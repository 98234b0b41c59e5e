metadata name = 'Document Intelligence'
metadata description = 'A Document Intelligence account without keys or public network; it reads documents with its own identity.'

import { encryptionKeyType, everyLog, profileType, tagsType } from '../types.bicep'

@description('Name of the account; also its subdomain.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Strict accounts reach only the hosts listed here.')
param profile profileType

@description('Host names a strict account may reach.')
param allowedHosts string[]

@description('Key of the project that encrypts the data; Azure\'s own when left out.')
param encryptionKey encryptionKeyType?

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

resource account 'Microsoft.CognitiveServices/accounts@2025-09-01' = {
  name: name
  location: location
  tags: tags
  kind: 'FormRecognizer'
  sku: {
    name: 'S0'
  }
  identity: encryptionKey == null
    ? {
        type: 'SystemAssigned'
      }
    : {
        type: 'SystemAssigned, UserAssigned'
        userAssignedIdentities: {
          '${encryptionKey!.identityId}': {}
        }
      }
  properties: union(
    {
      allowedFqdnList: profile == 'strict' ? allowedHosts : []
      customSubDomainName: name
      disableLocalAuth: true
      networkAcls: {
        bypass: 'AzureServices'
        defaultAction: 'Deny'
        ipRules: []
        virtualNetworkRules: []
      }
      publicNetworkAccess: 'Disabled'
      restrictOutboundNetworkAccess: profile == 'strict'
    },
    encryptionKey == null
      ? {}
      : {
          encryption: {
            keySource: 'Microsoft.KeyVault'
            keyVaultProperties: {
              identityClientId: encryptionKey!.clientId
              keyName: encryptionKey!.name
              keyVaultUri: encryptionKey!.vaultUri
              keyVersion: last(split(encryptionKey!.version, '/'))
            }
          }
          storedCompletionsDisabled: true
        }
  )
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

@description('Object id of the identity of the account.')
output principalId string = account.identity.principalId
