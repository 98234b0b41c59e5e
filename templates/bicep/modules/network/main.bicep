metadata name = 'Network'
metadata description = 'A virtual network with a subnet for private endpoints and one for applications; nothing reaches the internet by default.'

import { networkType, tagsType } from '../types.bicep'

@description('Name of the virtual network.')
param name string

@description('Name that network security groups and the route table end with.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Address ranges and egress.')
param network networkType

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

var firewalled = network.?firewallAddress != null

resource endpointsGuard 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: 'nsg-endpoints-${suffix}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'AllowHttpsFromVirtualNetwork'
        properties: {
          description: 'Private endpoints answer HTTPS from inside the network.'
          access: 'Allow'
          direction: 'Inbound'
          priority: 100
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: network.endpointsPrefix
          destinationPortRange: '443'
        }
      }
      {
        name: 'DenyOtherInbound'
        properties: {
          description: 'Everything else is refused.'
          access: 'Deny'
          direction: 'Inbound'
          priority: 4096
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource appGuard 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: 'nsg-app-${suffix}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'AllowHttpsFromVirtualNetwork'
        properties: {
          description: 'Applications answer HTTPS from inside the network.'
          access: 'Allow'
          direction: 'Inbound'
          priority: 100
          protocol: 'Tcp'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: network.appPrefix
          destinationPortRange: '443'
        }
      }
      {
        name: 'AllowLoadBalancerProbes'
        properties: {
          description: 'Health probes of the platform load balancer.'
          access: 'Allow'
          direction: 'Inbound'
          priority: 110
          protocol: 'Tcp'
          sourceAddressPrefix: 'AzureLoadBalancer'
          sourcePortRange: '*'
          destinationAddressPrefix: network.appPrefix
          destinationPortRange: '30000-32767'
        }
      }
      {
        name: 'DenyInternetInbound'
        properties: {
          description: 'Nothing comes in from the internet.'
          access: 'Deny'
          direction: 'Inbound'
          priority: 4096
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource routes 'Microsoft.Network/routeTables@2024-07-01' = {
  name: 'rt-${suffix}'
  location: location
  tags: tags
  properties: {
    disableBgpRoutePropagation: true
    routes: [
      {
        name: 'internet'
        properties: firewalled
          ? {
              addressPrefix: '0.0.0.0/0'
              nextHopType: 'VirtualAppliance'
              nextHopIpAddress: network.firewallAddress!
            }
          : {
              addressPrefix: '0.0.0.0/0'
              nextHopType: 'None'
            }
      }
    ]
  }
}

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        network.addressPrefix
      ]
    }
    subnets: [
      {
        name: 'snet-endpoints'
        properties: {
          addressPrefix: network.endpointsPrefix
          defaultOutboundAccess: false
          networkSecurityGroup: {
            id: endpointsGuard.id
          }
          privateEndpointNetworkPolicies: 'Enabled'
          routeTable: {
            id: routes.id
          }
        }
      }
      {
        name: 'snet-app'
        properties: {
          addressPrefix: network.appPrefix
          defaultOutboundAccess: false
          delegations: [
            {
              name: 'container-apps'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
          networkSecurityGroup: {
            id: appGuard.id
          }
          routeTable: {
            id: routes.id
          }
        }
      }
    ]
  }
}

resource networkDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: virtualNetwork
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

resource endpointsDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: endpointsGuard
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

resource appDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: appGuard
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the virtual network.')
output id string = virtualNetwork.id

@description('Resource id of the subnet for private endpoints.')
output endpointsSubnetId string = '${virtualNetwork.id}/subnets/snet-endpoints'

@description('Resource id of the subnet for applications.')
output appSubnetId string = '${virtualNetwork.id}/subnets/snet-app'
