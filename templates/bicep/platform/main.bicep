metadata name = 'Platform'
metadata description = 'What the projects of one environment share: network, private DNS, logs, evidence, budget, alerts, Defender and audit policies.'

targetScope = 'subscription'

import {
  budgetType
  contactsType
  monitoringType
  networkType
  profileType
  regionCodes
  tagsType
} from '../modules/types.bicep'

@description('Start of resource names; stands for the organisation.')
@minLength(2)
@maxLength(8)
param prefix string

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

@description('Address ranges and egress.')
param network networkType

@description('How logs are kept.')
param monitoring monitoringType

@description('Monthly budget.')
param budget budgetType

@description('Who is told what.')
param contacts contactsType

@description('Days that evidence cannot be changed or deleted.')
@minValue(180)
@maxValue(3650)
param evidenceDays int

var region = regionCodes[?location] ?? take(location, 6)
var suffix = '${prefix}-platform-${environmentName}-${region}'
var hash = take(uniqueString(subscription().subscriptionId, suffix), 6)
var evidenceName = 'st${take('${prefix}evidence', 12)}${take(environmentName, 4)}${hash}'
var blobZone = 'privatelink.blob.${environment().suffixes.storage}'
var zones = [
  'privatelink.azurecr.io'
  blobZone
  'privatelink.cognitiveservices.azure.com'
  'privatelink.openai.azure.com'
  'privatelink.search.windows.net'
  'privatelink.services.ai.azure.com'
  'privatelink.vaultcore.azure.net'
]

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${suffix}'
  location: location
  tags: union(tags, {
    'coe-scope': 'platform'
  })
}

module logs '../modules/monitoring/main.bicep' = {
  scope: group
  params: {
    name: 'log-${suffix}'
    location: location
    tags: tags
    monitoring: monitoring
  }
}

module virtualNetwork '../modules/network/main.bicep' = {
  scope: group
  params: {
    name: 'vnet-${suffix}'
    suffix: suffix
    location: location
    tags: tags
    network: network
    workspaceId: logs.outputs.id
  }
}

module dns '../modules/private-dns-zones/main.bicep' = {
  scope: group
  params: {
    zones: zones
    tags: tags
    linkName: 'link-vnet-${suffix}'
    virtualNetworkId: virtualNetwork.outputs.id
  }
}

module evidence '../modules/storage/main.bicep' = {
  scope: group
  params: {
    name: evidenceName
    location: location
    tags: tags
    profile: profile
    containers: [
      'evidence'
    ]
    immutabilityDays: evidenceDays
    workspaceId: logs.outputs.id
  }
}

module evidenceEndpoint '../modules/private-endpoint/main.bicep' = {
  scope: group
  params: {
    name: 'pep-evidence-${suffix}'
    location: location
    tags: tags
    targetId: evidence.outputs.id
    groupId: 'blob'
    subnetId: virtualNetwork.outputs.endpointsSubnetId
    zones: [
      blobZone
    ]
    zonesResourceGroup: group.name
  }
  dependsOn: [
    dns
  ]
}

module budgetAlerts '../modules/action-group/main.bicep' = {
  scope: group
  params: {
    name: 'ag-budget-${suffix}'
    shortName: 'coe-budget'
    tags: tags
    receivers: contacts.budget
  }
}

module incidentAlerts '../modules/action-group/main.bicep' = {
  scope: group
  params: {
    name: 'ag-incident-${suffix}'
    shortName: 'coe-incident'
    tags: tags
    receivers: contacts.incident
  }
}

module spending '../modules/budget/main.bicep' = {
  params: {
    name: 'budget-${suffix}'
    budget: budget
    receivers: contacts.budget
    actionGroupId: budgetAlerts.outputs.id
  }
}

module defender '../modules/defender/main.bicep' = {
  params: {
    profile: profile
    emails: contacts.security
  }
}

module policies '../modules/policy-assignments/main.bicep' = {
  params: {
    profile: profile
  }
}

module lock '../modules/lock/main.bicep' = if (profile == 'strict') {
  scope: group
  params: {
    notes: 'The projects of ${environmentName} depend on this group.'
  }
  dependsOn: [
    evidenceEndpoint
  ]
}

@description('Name of the resource group.')
output resourceGroup string = group.name

@description('Resource id of the Log Analytics workspace.')
output workspaceId string = logs.outputs.id

@description('Resource id of the virtual network.')
output virtualNetworkId string = virtualNetwork.outputs.id
