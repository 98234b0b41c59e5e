metadata name = 'Encryption key'
metadata description = 'A key in the project\'s vault that encrypts its data, rotated once a year, and the identity that may use it to wrap and unwrap, nothing else.'

import { principalType, tagsType } from '../types.bicep'

@description('Name of the key vault.')
param vaultName string

@description('Tags.')
param tags tagsType

@description('Managed identities that wrap and unwrap with the key, by what they are.')
param users principalType[]

var cryptoUser = 'e147488a-f6f5-4113-8e2d-b22465e65bf6' // Key Vault Crypto Service Encryption User

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource key 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'encryption'
  tags: tags
  properties: {
    kty: 'RSA'
    keySize: 3072
    keyOps: [
      'unwrapKey'
      'wrapKey'
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

resource usesKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for user in users: {
    scope: vault
    name: guid(toLower(vault.id), toLower(user.id), cryptoUser)
    properties: {
      principalId: user.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', cryptoUser)
      description: 'coe-scaffold: encrypt with the project\'s own key'
    }
  }
]

@description('Address of the vault.')
output vaultUri string = vault.properties.vaultUri

@description('Name of the key.')
output name string = key.name

@description('Address of the version of the key at the time of the deployment.')
output version string = key.properties.keyUriWithVersion
