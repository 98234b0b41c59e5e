metadata name = 'Log key'
metadata description = 'A key in the project\'s vault that can only sign, and the identity that may use it. The application signs a fixed text and makes the key of its user hashes from the signature, so that there is no secret to create, hand over or leak. It is rotated once a year; hashes of two years cannot be joined.'

import { principalType, tagsType } from '../types.bicep'

@description('Name of the key vault.')
param vaultName string

@description('Tags.')
param tags tagsType

@description('Managed identity that signs with the key.')
param user principalType

var cryptoUser = '12338af0-0e69-4776-bea7-57ae8d297424' // Key Vault Crypto User

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource key 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'log'
  tags: tags
  properties: {
    kty: 'RSA'
    keySize: 3072
    keyOps: [
      'sign'
    ]
    attributes: {
      enabled: true
      exportable: false
    }
    rotationPolicy: {
      attributes: {
        expiryTime: 'P2Y'
      }
      lifetimeActions: [
        {
          action: {
            type: 'rotate'
          }
          trigger: {
            timeAfterCreate: 'P1Y'
          }
        }
      ]
    }
  }
}

resource usesKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: key
  name: guid(toLower(key.id), toLower(user.id), cryptoUser)
  properties: {
    principalId: user.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', cryptoUser)
    description: 'coe-scaffold: make the key of user hashes'
  }
}
