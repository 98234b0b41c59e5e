metadata name = 'Defender for Cloud'
metadata description = 'Threat protection for AI services, in strict environments also for what they depend on, and who is told.'

targetScope = 'subscription'

import { profileType } from '../types.bicep'

@description('Strict environments protect storage, key vaults, containers, Resource Manager, databases and posture too.')
param profile profileType

@description('Mail addresses that are told of alerts.')
param emails string[]

var strictPlans = [
  'Arm'
  'CloudPosture'
  'Containers'
  'CosmosDbs'
  'KeyVaults'
  'StorageAccounts'
]
var plans = profile == 'strict' ? concat(['AI'], strictPlans) : ['AI']

@batchSize(1)
resource pricing 'Microsoft.Security/pricings@2024-01-01' = [
  for plan in plans: {
    name: plan
    properties: {
      pricingTier: 'Standard'
    }
  }
]

resource contact 'Microsoft.Security/securityContacts@2023-12-01-preview' = {
  name: 'default'
  properties: {
    emails: join(emails, ';')
    isEnabled: true
    notificationsByRole: {
      state: 'On'
      roles: [
        'Owner'
      ]
    }
    notificationsSources: [
      {
        sourceType: 'Alert'
        minimalSeverity: 'Medium'
      }
    ]
  }
}

@description('Names of the plans that are on.')
output plans string[] = plans
