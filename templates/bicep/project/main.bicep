metadata name = 'Project'
metadata description = 'One AI project in one environment: Foundry with a content filter and pinned models, search, storage, key vault and registry, all behind private endpoints; the managed identities that run it, and what they may do. It finds the platform of its environment by name.'

targetScope = 'subscription'

import {
  modelDeploymentType
  profileType
  regionCodes
  repositoryType
  tagsType
} from '../modules/types.bicep'

@description('Start of resource names; stands for the organisation.')
@minLength(2)
@maxLength(8)
param prefix string

@description('Name of the project.')
@minLength(2)
@maxLength(24)
param projectName string

@description('Name people see.')
param displayName string

@description('Name of the environment.')
@minLength(2)
@maxLength(8)
param environmentName string

@description('Region.')
param location string

@description('How strict the environment is.')
param profile profileType

@description('Tags of every resource.')
param tags tagsType

@description('Models to deploy.')
param models modelDeploymentType[]

@description('The repository whose pipelines deploy the project.')
param repository repositoryType

@description('GUID of the custom role that may change content filters; nobody gets it when left out.')
param guardrailPublisherRoleId string?

var region = regionCodes[?location] ?? take(location, 6)
var platformSuffix = '${prefix}-platform-${environmentName}-${region}'
var suffix = '${prefix}-${projectName}-${environmentName}-${region}'
var identitySuffix = '${prefix}-${projectName}-id-${environmentName}-${region}'
var hash = take(uniqueString(subscription().subscriptionId, suffix), 6)
var compactName = replace('${prefix}${projectName}', '-', '')
var shortEnvironment = take(environmentName, 4)

var accountName = 'aif-${suffix}-${hash}'
var searchName = 'srch-${suffix}-${hash}'
var storageName = 'st${take(compactName, 12)}${shortEnvironment}${hash}'
var vaultName = 'kv-${take(compactName, 9)}-${shortEnvironment}-${hash}'
var registryName = 'cr${compactName}${shortEnvironment}${hash}'
var insightsName = 'appi-${suffix}'

var blobHost = 'blob.${environment().suffixes.storage}'

resource platform 'Microsoft.Resources/resourceGroups@2025-04-01' existing = {
  name: 'rg-${platformSuffix}'
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  scope: platform
  name: 'log-${platformSuffix}'
}

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2024-07-01' existing = {
  scope: platform
  name: 'vnet-${platformSuffix}'

  resource endpoints 'subnets' existing = {
    name: 'snet-endpoints'
  }
}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${suffix}'
  location: location
  tags: union(tags, {
    'coe-scope': 'project'
  })
}

resource identityGroup 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${identitySuffix}'
  location: location
  tags: union(tags, {
    'coe-scope': 'identity'
  })
}

module identities '../modules/identities/main.bicep' = {
  scope: identityGroup
  params: {
    suffix: suffix
    environmentName: environmentName
    location: location
    tags: tags
    repository: repository
  }
}

module insights '../modules/application-insights/main.bicep' = {
  scope: group
  params: {
    name: insightsName
    location: location
    tags: tags
    workspaceId: workspace.id
  }
}

module vault '../modules/key-vault/main.bicep' = {
  scope: group
  params: {
    name: vaultName
    location: location
    tags: tags
    workspaceId: workspace.id
  }
}

module storage '../modules/storage/main.bicep' = {
  scope: group
  params: {
    name: storageName
    location: location
    tags: tags
    profile: profile
    containers: [
      'data'
      'evaluation'
    ]
    workspaceId: workspace.id
  }
}

module registry '../modules/container-registry/main.bicep' = {
  scope: group
  params: {
    name: registryName
    location: location
    tags: tags
    profile: profile
    workspaceId: workspace.id
  }
}

module search '../modules/ai-search/main.bicep' = {
  scope: group
  params: {
    name: searchName
    location: location
    tags: tags
    profile: profile
    workspaceId: workspace.id
  }
}

module foundry '../modules/foundry/main.bicep' = {
  scope: group
  params: {
    name: accountName
    projectName: 'proj-${projectName}'
    displayName: displayName
    location: location
    tags: tags
    profile: profile
    models: models
    allowedHosts: [
      '${searchName}.search.windows.net'
      '${storageName}.${blobHost}'
    ]
    searchName: searchName
    workspaceId: workspace.id
  }
  dependsOn: [
    search
  ]
}

module foundryEndpoint '../modules/private-endpoint/main.bicep' = {
  scope: group
  params: {
    name: 'pep-foundry-${suffix}'
    location: location
    tags: tags
    targetId: foundry.outputs.id
    groupId: 'account'
    subnetId: virtualNetwork::endpoints.id
    zones: [
      'privatelink.cognitiveservices.azure.com'
      'privatelink.openai.azure.com'
      'privatelink.services.ai.azure.com'
    ]
    zonesResourceGroup: platform.name
  }
}

module searchEndpoint '../modules/private-endpoint/main.bicep' = {
  scope: group
  params: {
    name: 'pep-search-${suffix}'
    location: location
    tags: tags
    targetId: search.outputs.id
    groupId: 'searchService'
    subnetId: virtualNetwork::endpoints.id
    zones: [
      'privatelink.search.windows.net'
    ]
    zonesResourceGroup: platform.name
  }
}

module storageEndpoint '../modules/private-endpoint/main.bicep' = {
  scope: group
  params: {
    name: 'pep-storage-${suffix}'
    location: location
    tags: tags
    targetId: storage.outputs.id
    groupId: 'blob'
    subnetId: virtualNetwork::endpoints.id
    zones: [
      'privatelink.${blobHost}'
    ]
    zonesResourceGroup: platform.name
  }
}

module vaultEndpoint '../modules/private-endpoint/main.bicep' = {
  scope: group
  params: {
    name: 'pep-vault-${suffix}'
    location: location
    tags: tags
    targetId: vault.outputs.id
    groupId: 'vault'
    subnetId: virtualNetwork::endpoints.id
    zones: [
      'privatelink.vaultcore.azure.net'
    ]
    zonesResourceGroup: platform.name
  }
}

module registryEndpoint '../modules/private-endpoint/main.bicep' = {
  scope: group
  params: {
    name: 'pep-registry-${suffix}'
    location: location
    tags: tags
    targetId: registry.outputs.id
    groupId: 'registry'
    subnetId: virtualNetwork::endpoints.id
    zones: [
      'privatelink.azurecr.io'
    ]
    zonesResourceGroup: platform.name
  }
}

module assignments '../modules/role-assignments/main.bicep' = {
  scope: group
  params: {
    principals: {
      plan: identities.outputs.plan
      deploy: identities.outputs.deploy
      runtime: identities.outputs.runtime
      guardrail: identities.outputs.guardrail
      project: {
        id: foundry.outputs.projectId
        principalId: foundry.outputs.projectPrincipalId
      }
      search: {
        id: search.outputs.id
        principalId: search.outputs.principalId
      }
    }
    accountName: accountName
    searchName: searchName
    storageName: storageName
    vaultName: vaultName
    registryName: registryName
    insightsName: insightsName
    guardrailPublisherRoleId: guardrailPublisherRoleId
  }
  dependsOn: [
    insights
    registry
    storage
    vault
  ]
}

module queryLogs '../modules/role-assignment-log-analytics/main.bicep' = {
  scope: platform
  params: {
    workspaceName: workspace.name
    principal: {
      id: foundry.outputs.projectId
      principalId: foundry.outputs.projectPrincipalId
    }
    reason: 'evaluations read their traces'
  }
}

module lock '../modules/lock/main.bicep' = if (profile == 'strict') {
  scope: group
  params: {
    notes: 'The project ${projectName} runs here.'
  }
  dependsOn: [
    assignments
    foundryEndpoint
    registryEndpoint
    searchEndpoint
    storageEndpoint
    vaultEndpoint
  ]
}

module identityLock '../modules/lock/main.bicep' = if (profile == 'strict') {
  scope: identityGroup
  params: {
    notes: 'The project ${projectName} runs as these identities.'
  }
  dependsOn: [
    identities
  ]
}

@description('Name of the resource group.')
output resourceGroup string = group.name

@description('Address of the Foundry project.')
output projectEndpoint string = 'https://${accountName}.services.ai.azure.com/api/projects/proj-${projectName}'

@description('Address of the search service.')
output searchEndpoint string = 'https://${searchName}.search.windows.net'

@description('Name of the storage account.')
output storageAccount string = storageName

@description('Resource id of the identity the application runs as.')
output runtimeIdentityId string = identities.outputs.runtime.id
