metadata name = 'Foundry'
metadata description = 'A Foundry account without keys or public network, one project, a content filter, and model deployments with pinned versions bound to that filter. Agents run in a subnet of yours and are connected to stores of yours.'

import { agentsType, encryptionKeyType, everyLog, modelDeploymentType, profileType, tagsType } from '../types.bicep'

@description('Name of the account; also its subdomain.')
param name string

@description('Name of the project.')
param projectName string

@description('Name people see.')
param displayName string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Strict accounts reach only the hosts listed here, and Defender watches their prompts.')
param profile profileType

@description('Models to deploy.')
param models modelDeploymentType[]

@description('Host names a strict account may reach.')
param allowedHosts string[]

@description('Name of the search service the project is connected to.')
param searchName string?

@description('Where agents run and keep their state; without it there are none.')
param agents agentsType?

@description('Key of the project that encrypts the data; Azure\'s own when left out.')
param encryptionKey encryptionKeyType?

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

var harms = [
  'Hate'
  'Sexual'
  'Violence'
  'Selfharm'
]
var promptHarms = [for harm in harms: { name: harm, source: 'Prompt' }]
var completionHarms = [for harm in harms: { name: harm, source: 'Completion' }]
var harmFilters = [
  for item in concat(promptHarms, completionHarms): {
    name: item.name
    source: item.source
    enabled: true
    blocking: true
    severityThreshold: profile == 'strict' ? 'Low' : 'Medium'
  }
]
var shields = [
  {
    name: 'Jailbreak'
    source: 'Prompt'
    enabled: true
    blocking: true
  }
  {
    name: 'Indirect Attack'
    source: 'Prompt'
    enabled: true
    blocking: true
  }
  {
    name: 'Protected Material Text'
    source: 'Completion'
    enabled: true
    blocking: true
  }
  {
    name: 'Protected Material Code'
    source: 'Completion'
    enabled: true
    blocking: true
  }
  {
    name: 'Profanity'
    source: 'Prompt'
    enabled: true
    blocking: false
  }
  {
    name: 'Profanity'
    source: 'Completion'
    enabled: true
    blocking: true
  }
]

resource search 'Microsoft.Search/searchServices@2025-05-01' existing = {
  name: searchName ?? 'none'
}

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' existing = {
  name: agents.?cosmosName ?? 'none'
}

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: agents.?storageName ?? 'none'
}

resource account 'Microsoft.CognitiveServices/accounts@2025-09-01' = {
  name: name
  location: location
  tags: tags
  kind: 'AIServices'
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
      allowProjectManagement: true
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
        },
    agents == null
      ? {}
      : {
          networkInjections: [
            {
              scenario: 'agent'
              subnetArmId: agents!.subnetId
              useMicrosoftManagedNetwork: false
            }
          ]
        }
  )
}

// An account refuses a second change while one is under way: its children follow one another.
resource defender 'Microsoft.CognitiveServices/accounts/defenderForAISettings@2025-06-01' = if (profile == 'strict') {
  parent: account
  name: 'Default'
  properties: {
    state: 'Enabled'
  }
  dependsOn: [
    filesConnection
    project
    searchConnection
  ]
}

resource baseline 'Microsoft.CognitiveServices/accounts/raiPolicies@2025-06-01' = {
  parent: account
  name: 'coe-baseline'
  tags: tags
  properties: {
    basePolicyName: 'Microsoft.DefaultV2'
    contentFilters: concat(harmFilters, shields)
    mode: 'Default'
  }
}

@batchSize(1)
resource modelDeployment 'Microsoft.CognitiveServices/accounts/deployments@2025-06-01' = [
  for item in models: {
    parent: account
    name: item.name
    tags: tags
    sku: {
      name: item.sku
      capacity: item.capacity
    }
    properties: {
      model: {
        format: item.format
        name: item.model
        version: item.version
      }
      raiPolicyName: baseline.name
      versionUpgradeOption: profile == 'strict' ? 'NoAutoUpgrade' : 'OnceCurrentVersionExpired'
    }
  }
]

resource project 'Microsoft.CognitiveServices/accounts/projects@2025-06-01' = {
  parent: account
  name: projectName
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    displayName: displayName
    description: 'coe-scaffold: ${displayName}'
  }
  dependsOn: [
    modelDeployment
  ]
}

resource searchConnection 'Microsoft.CognitiveServices/accounts/projects/connections@2025-06-01' = if (searchName != null) {
  parent: project
  name: 'search'
  properties: {
    authType: 'AAD'
    category: 'CognitiveSearch'
    isSharedToAll: false
    target: 'https://${searchName ?? ''}.search.windows.net'
    metadata: {
      ApiType: 'Azure'
      ResourceId: search.id
    }
  }
}

resource threadsConnection 'Microsoft.CognitiveServices/accounts/projects/connections@2025-06-01' = if (agents != null) {
  parent: project
  name: 'threads'
  properties: {
    authType: 'AAD'
    category: 'CosmosDB'
    isSharedToAll: false
    target: 'https://${agents.?cosmosName ?? ''}.documents.azure.com:443/'
    metadata: {
      ApiType: 'Azure'
      ResourceId: cosmos.id
      location: location
    }
  }
  dependsOn: [
    searchConnection
  ]
}

resource filesConnection 'Microsoft.CognitiveServices/accounts/projects/connections@2025-06-01' = if (agents != null) {
  parent: project
  name: 'files'
  properties: {
    authType: 'AAD'
    category: 'AzureStorageAccount'
    isSharedToAll: false
    target: 'https://${agents.?storageName ?? ''}.blob.${environment().suffixes.storage}/'
    metadata: {
      ApiType: 'Azure'
      ResourceId: storage.id
      location: location
    }
  }
  dependsOn: [
    threadsConnection
  ]
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

@description('Resource id of the project.')
output projectId string = project.id

@description('Object id of the identity of the project.')
output projectPrincipalId string = project.identity.principalId
