metadata name = 'Platform'
metadata description = 'What the projects of one environment share: network, private DNS, logs, evidence, budget, alerts, Defender and audit policies.'

targetScope = 'subscription'

import {
  budgetType
  contactsType
  dnsType
  gatewayType
  monitoringType
  networkType
  optionsType
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

@description('The virtual network: ranges, egress, and how it is connected.')
param network networkType

@description('Where private DNS zones are.')
param dns dnsType = {}

@description('The AI gateway; there is none when left out.')
param gateway gatewayType?

@description('What the platform has besides.')
param options optionsType = {
  grafana: false
  sharedRegistry: false
  privateLinkScope: false
}

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
var registryName = 'cr${take(replace(prefix, '-', ''), 8)}shared${take(environmentName, 4)}${hash}'
var networkName = 'vnet-${suffix}'
var blobZone = 'privatelink.blob.${environment().suffixes.storage}'
var scopeZones = [
  'privatelink.agentsvc.azure-automation.net'
  'privatelink.monitor.azure.com'
  'privatelink.ods.opinsights.azure.com'
  'privatelink.oms.opinsights.azure.com'
]
var zones = concat(
  [
    'privatelink.api.azureml.ms'
    'privatelink.azurecr.io'
    blobZone
    'privatelink.cognitiveservices.azure.com'
    'privatelink.datafactory.azure.net'
    'privatelink.documents.azure.com'
    'privatelink.notebooks.azure.net'
    'privatelink.openai.azure.com'
    'privatelink.search.windows.net'
    'privatelink.services.ai.azure.com'
    'privatelink.vaultcore.azure.net'
  ],
  gateway != null ? ['privatelink.azure-api.net'] : [],
  options.grafana ? ['privatelink.grafana.azure.com'] : [],
  options.privateLinkScope ? scopeZones : []
)

var groupId = '${subscription().id}/resourceGroups/rg-${suffix}'
var ownNetwork = network.?existing == null
var networkId = network.?existing.?id ?? '${groupId}/providers/Microsoft.Network/virtualNetworks/${networkName}'
var endpointsSubnetId = '${networkId}/subnets/${network.?existing.?endpointsSubnet ?? 'snet-endpoints'}'
var workspaceId = monitoring.?workspaceId ?? '${groupId}/providers/Microsoft.OperationalInsights/workspaces/log-${suffix}'
var workspaceParts = split(workspaceId, '/')
var zonesGroupId = dns.?zonesGroupId ?? groupId

// Choices that do not go together end the deployment before it makes anything.
var servicesOf = network.topology == 'hub' || network.bastion || gateway != null
var chosenNetwork = network.topology == 'spoke' && network.?hubNetworkId == null
  ? fail('network.topology is spoke, so network.hubNetworkId must name the virtual network of the hub')
  : network.topology != 'hub' && network.egress == 'firewall' && network.?firewallAddress == null
      ? fail('network.egress is firewall, so network.firewallAddress must say where the firewall is')
      : servicesOf && network.?servicePrefix == null
          ? fail('a hub, Bastion and the AI gateway have subnets in network.servicePrefix, which is missing')
          : network

var isHub = ownNetwork && network.topology == 'hub'
var isSpoke = ownNetwork && network.topology == 'spoke' && network.?hubNetworkId != null
var hubParts = split(network.?hubNetworkId ?? networkId, '/')

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${suffix}'
  location: location
  tags: union(tags, {
    'coe-scope': 'platform'
  })
}

module logs '../modules/monitoring/main.bicep' = if (monitoring.?workspaceId == null) {
  scope: group
  params: {
    name: 'log-${suffix}'
    location: location
    tags: tags
    monitoring: monitoring
  }
}

module virtualNetwork '../modules/network/main.bicep' = if (ownNetwork) {
  scope: group
  params: {
    name: networkName
    suffix: suffix
    location: location
    tags: tags
    network: chosenNetwork
    gateway: gateway != null
    workspaceId: workspaceId
  }
  dependsOn: [
    logs
  ]
}

module firewall '../modules/firewall/main.bicep' = if (isHub) {
  scope: group
  params: {
    suffix: suffix
    location: location
    tags: tags
    profile: profile
    networkName: networkName
    allowedHosts: network.?allowedHosts ?? []
    sources: [
      '10.0.0.0/8'
      '172.16.0.0/12'
      '192.168.0.0/16'
    ]
    workspaceId: workspaceId
  }
  dependsOn: [
    virtualNetwork
  ]
}

module bastion '../modules/bastion/main.bicep' = if (ownNetwork && network.bastion) {
  scope: group
  params: {
    suffix: suffix
    location: location
    tags: tags
    networkName: networkName
    workspaceId: workspaceId
  }
  dependsOn: [
    virtualNetwork
  ]
}

module toHub '../modules/peering/main.bicep' = if (isSpoke) {
  scope: group
  params: {
    networkName: networkName
    remoteNetworkId: network.?hubNetworkId ?? networkId
  }
  dependsOn: [
    virtualNetwork
  ]
}

module fromHub '../modules/peering/main.bicep' = if (isSpoke) {
  scope: resourceGroup(hubParts[2], hubParts[4])
  params: {
    networkName: hubParts[8]
    remoteNetworkId: networkId
  }
  dependsOn: [
    virtualNetwork
  ]
}

module privateDns '../modules/private-dns-zones/main.bicep' = if (dns.?zonesGroupId == null) {
  scope: group
  params: {
    zones: zones
    tags: tags
    linkName: 'link-${last(split(networkId, '/'))}'
    virtualNetworkId: networkId
  }
  dependsOn: [
    virtualNetwork
  ]
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
    workspaceId: workspaceId
  }
  dependsOn: [
    logs
  ]
}

module evidenceEndpoint '../modules/private-endpoint/main.bicep' = {
  scope: group
  params: {
    name: 'pep-evidence-${suffix}'
    location: location
    tags: tags
    targetId: evidence.outputs.id
    groupId: 'blob'
    subnetId: endpointsSubnetId
    zones: [
      blobZone
    ]
    zonesGroupId: zonesGroupId
  }
  dependsOn: [
    privateDns
    virtualNetwork
  ]
}

module registry '../modules/container-registry/main.bicep' = if (options.sharedRegistry) {
  scope: group
  params: {
    name: registryName
    location: location
    tags: tags
    profile: profile
    workspaceId: workspaceId
  }
  dependsOn: [
    logs
  ]
}

module registryEndpoint '../modules/private-endpoint/main.bicep' = if (options.sharedRegistry) {
  scope: group
  params: {
    name: 'pep-registry-${suffix}'
    location: location
    tags: tags
    targetId: registry!.outputs.id
    groupId: 'registry'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.azurecr.io'
    ]
    zonesGroupId: zonesGroupId
  }
  dependsOn: [
    privateDns
    virtualNetwork
  ]
}

module grafana '../modules/grafana/main.bicep' = if (options.grafana) {
  scope: group
  params: {
    name: 'amg-${take(prefix, 6)}-${take(environmentName, 4)}-${hash}'
    location: location
    tags: tags
    profile: profile
    workspaceId: workspaceId
  }
  dependsOn: [
    logs
  ]
}

module grafanaEndpoint '../modules/private-endpoint/main.bicep' = if (options.grafana) {
  scope: group
  params: {
    name: 'pep-grafana-${suffix}'
    location: location
    tags: tags
    targetId: grafana!.outputs.id
    groupId: 'grafana'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.grafana.azure.com'
    ]
    zonesGroupId: zonesGroupId
  }
  dependsOn: [
    privateDns
    virtualNetwork
  ]
}

module grafanaReads '../modules/role-assignment-log-analytics/main.bicep' = if (options.grafana) {
  scope: resourceGroup(workspaceParts[2], workspaceParts[4])
  params: {
    workspaceName: workspaceParts[8]
    principal: {
      id: grafana!.outputs.id
      principalId: grafana!.outputs.principalId
    }
    reason: 'dashboards read logs'
  }
}

module linkScope '../modules/private-link-scope/main.bicep' = if (options.privateLinkScope) {
  scope: group
  params: {
    name: 'ampls-${suffix}'
    tags: tags
    workspaceId: workspaceId
  }
  dependsOn: [
    logs
  ]
}

module linkScopeEndpoint '../modules/private-endpoint/main.bicep' = if (options.privateLinkScope) {
  scope: group
  params: {
    name: 'pep-monitor-${suffix}'
    location: location
    tags: tags
    targetId: linkScope!.outputs.id
    groupId: 'azuremonitor'
    subnetId: endpointsSubnetId
    zones: concat(scopeZones, [blobZone])
    zonesGroupId: zonesGroupId
  }
  dependsOn: [
    privateDns
    virtualNetwork
  ]
}

module gatewayInsights '../modules/application-insights/main.bicep' = if (gateway != null) {
  scope: group
  params: {
    name: 'appi-${suffix}'
    location: location
    tags: tags
    workspaceId: workspaceId
  }
  dependsOn: [
    logs
  ]
}

module aiGateway '../modules/ai-gateway/main.bicep' = if (gateway != null) {
  scope: group
  params: {
    name: 'apim-${take(suffix, 38)}-${hash}'
    location: location
    tags: tags
    gateway: gateway!
    subnetId: '${networkId}/subnets/snet-gateway'
    insightsName: 'appi-${suffix}'
    workspaceId: workspaceId
  }
  dependsOn: [
    gatewayInsights
    virtualNetwork
  ]
}

module gatewayEndpoint '../modules/private-endpoint/main.bicep' = if (gateway != null) {
  scope: group
  params: {
    name: 'pep-gateway-${suffix}'
    location: location
    tags: tags
    targetId: aiGateway!.outputs.id
    groupId: 'Gateway'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.azure-api.net'
    ]
    zonesGroupId: zonesGroupId
  }
  dependsOn: [
    privateDns
    virtualNetwork
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

module functionAlerts '../modules/action-group/main.bicep' = [
  for item in contacts.functions: {
    scope: group
    params: {
      name: 'ag-${item.id}-${suffix}'
      shortName: take(replace(item.id, '-', ''), 12)
      tags: tags
      receivers: item.receivers
    }
  }
]

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

module logInitiative '../modules/log-initiative/main.bicep' = if (monitoring.?initiative != null) {
  params: {
    initiative: monitoring.initiative!
    location: location
    workspaceId: workspaceId
  }
  dependsOn: [
    logs
  ]
}

module lock '../modules/lock/main.bicep' = if (profile == 'strict') {
  scope: group
  params: {
    notes: 'The projects of ${environmentName} depend on this group.'
  }
  dependsOn: [
    bastion
    evidenceEndpoint
    firewall
    functionAlerts
    gatewayEndpoint
    grafanaEndpoint
    grafanaReads
    linkScopeEndpoint
    registryEndpoint
    toHub
  ]
}

@description('Name of the resource group.')
output resourceGroup string = group.name

@description('Resource id of the Log Analytics workspace.')
output workspaceId string = workspaceId

@description('Resource id of the virtual network.')
output virtualNetworkId string = networkId

@description('The AI gateway, as projects name it in their parameter gateway.')
output gateway object? = gateway == null
  ? null
  : {
      id: aiGateway!.outputs.id
      principalId: aiGateway!.outputs.principalId
    }
