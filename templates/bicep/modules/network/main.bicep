metadata name = 'Network'
metadata description = 'A virtual network with a subnet for private endpoints and two for each project: applications and agents. What leaves it is decided by its egress: nothing, the services of Azure that applications need, or what a firewall lets through.'

import { everyLog, networkType, tagsType } from '../types.bicep'

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

@description('Whether an AI gateway calls from this network; it has a subnet of its own in servicePrefix.')
param gateway bool

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

var isHub = network.topology == 'hub'
var firewalled = isHub || (network.egress == 'firewall' && network.?firewallAddress != null)
var translated = !firewalled && network.egress == 'nat'
var hasServices = network.?servicePrefix != null && (isHub || network.bastion)
var servicePrefix = network.?servicePrefix ?? '10.255.255.0/24'
// Azure gives a firewall the first address of its subnet that it does not keep for itself.
var ownFirewallAddress = cidrHost(cidrSubnet(servicePrefix, 26, 0), 3)
var firewallAddress = isHub ? ownFirewallAddress : network.?firewallAddress ?? ''

// What Container Apps and agents need of Azure.
var neededServices = [
  'AzureActiveDirectory'
  'AzureFrontDoor.FirstParty'
  'AzureMonitor'
  'MicrosoftContainerRegistry'
]
var serviceRules = [
  for (service, index) in neededServices: {
    name: 'Allow${replace(service, '.', '')}'
    properties: {
      description: 'Applications need this service of Azure.'
      access: 'Allow'
      direction: 'Outbound'
      priority: 200 + index
      protocol: 'Tcp'
      sourceAddressPrefix: 'VirtualNetwork'
      sourcePortRange: '*'
      destinationAddressPrefix: service
      destinationPortRange: '443'
    }
  }
]
var noInternet = [
  {
    name: 'DenyInternetOutbound'
    properties: {
      description: 'Nothing else leaves for the internet.'
      access: 'Deny'
      direction: 'Outbound'
      priority: 4096
      protocol: '*'
      sourceAddressPrefix: '*'
      sourcePortRange: '*'
      destinationAddressPrefix: 'Internet'
      destinationPortRange: '*'
    }
  }
]
var gatewayRules = [
  for (service, index) in ['AzureKeyVault', 'Storage']: {
    name: 'Allow${service}'
    properties: {
      description: 'The gateway needs this service of Azure.'
      access: 'Allow'
      direction: 'Outbound'
      priority: 300 + index
      protocol: 'Tcp'
      sourceAddressPrefix: 'VirtualNetwork'
      sourcePortRange: '*'
      destinationAddressPrefix: service
      destinationPortRange: '443'
    }
  }
]
// What Azure requires of Bastion's subnet: learn.microsoft.com/azure/bastion/bastion-nsg. It refuses to run without.
var bastionFlows = [
  {
    name: 'AllowHttpsInbound'
    description: 'Administrators come through the portal and sign in with Entra ID.'
    direction: 'Inbound'
    protocol: 'Tcp'
    source: 'Internet'
    destination: '*'
    ports: ['443']
  }
  {
    name: 'AllowGatewayManagerInbound'
    description: 'Azure controls the Bastion.'
    direction: 'Inbound'
    protocol: 'Tcp'
    source: 'GatewayManager'
    destination: '*'
    ports: ['443']
  }
  {
    name: 'AllowLoadBalancerInbound'
    description: 'Health probes of the platform load balancer.'
    direction: 'Inbound'
    protocol: 'Tcp'
    source: 'AzureLoadBalancer'
    destination: '*'
    ports: ['443']
  }
  {
    name: 'AllowBastionInbound'
    description: 'The parts of the Bastion talk to each other.'
    direction: 'Inbound'
    protocol: '*'
    source: 'VirtualNetwork'
    destination: 'VirtualNetwork'
    ports: ['8080', '5701']
  }
  {
    name: 'AllowSshRdpOutbound'
    description: 'Sessions on machines in the network.'
    direction: 'Outbound'
    protocol: '*'
    source: '*'
    destination: 'VirtualNetwork'
    ports: ['22', '3389']
  }
  {
    name: 'AllowAzureOutbound'
    description: 'Logs and diagnostics of the Bastion.'
    direction: 'Outbound'
    protocol: 'Tcp'
    source: '*'
    destination: 'AzureCloud'
    ports: ['443']
  }
  {
    name: 'AllowBastionOutbound'
    description: 'The parts of the Bastion talk to each other.'
    direction: 'Outbound'
    protocol: '*'
    source: 'VirtualNetwork'
    destination: 'VirtualNetwork'
    ports: ['8080', '5701']
  }
  {
    name: 'AllowHttpOutbound'
    description: 'Validation of certificates.'
    direction: 'Outbound'
    protocol: '*'
    source: '*'
    destination: 'Internet'
    ports: ['80']
  }
]
var bastionRules = [
  for (flow, index) in bastionFlows: {
    name: flow.name
    properties: union(
      {
        description: flow.description
        access: 'Allow'
        direction: flow.direction
        priority: 100 + index
        protocol: flow.protocol
        sourcePortRange: '*'
        destinationAddressPrefix: flow.destination
        destinationPortRanges: flow.ports
      },
      flow.source == 'Internet' && network.?bastionSources != null
        ? {
            sourceAddressPrefixes: network.bastionSources!
          }
        : {
            sourceAddressPrefix: flow.source
          }
    )
  }
]
var bastionDenials = [
  for direction in ['Inbound', 'Outbound']: {
    name: 'DenyOther${direction}'
    properties: {
      description: 'Everything else is refused.'
      access: 'Deny'
      direction: direction
      priority: 4096
      protocol: '*'
      sourceAddressPrefix: '*'
      sourcePortRange: '*'
      destinationAddressPrefix: '*'
      destinationPortRange: '*'
    }
  }
]
var outboundRules = firewalled ? [] : translated ? concat(serviceRules, noInternet) : noInternet

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
    securityRules: concat(
      [
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
            destinationAddressPrefix: 'VirtualNetwork'
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
            destinationAddressPrefix: 'VirtualNetwork'
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
      ],
      outboundRules
    )
  }
}

resource gatewayGuard 'Microsoft.Network/networkSecurityGroups@2024-07-01' = if (gateway) {
  name: 'nsg-gateway-${suffix}'
  location: location
  tags: tags
  properties: {
    securityRules: concat(
      [
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
      ],
      outboundRules,
      firewalled ? [] : gatewayRules
    )
  }
}

resource bastionGuard 'Microsoft.Network/networkSecurityGroups@2024-07-01' = if (hasServices) {
  name: 'nsg-bastion-${suffix}'
  location: location
  tags: tags
  properties: {
    securityRules: concat(bastionRules, bastionDenials)
  }
}

resource address 'Microsoft.Network/publicIPAddresses@2024-07-01' = if (translated) {
  name: 'pip-nat-${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Regional'
  }
  properties: {
    publicIPAddressVersion: 'IPv4'
    publicIPAllocationMethod: 'Static'
  }
}

resource natGateway 'Microsoft.Network/natGateways@2024-07-01' = if (translated) {
  name: 'ng-${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    idleTimeoutInMinutes: 4
    publicIpAddresses: [
      {
        id: address.id
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
              nextHopIpAddress: firewallAddress
            }
          : {
              addressPrefix: '0.0.0.0/0'
              nextHopType: translated ? 'Internet' : 'None'
            }
      }
    ]
  }
}

var leaving = translated
  ? {
      natGateway: {
        id: natGateway.id
      }
    }
  : {}
var endpointsSubnet = [
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
]
var projectSubnets = [
  for index in range(0, length(network.projectPrefixes) * 2): {
    name: 'snet-${index % 2 == 0 ? 'app' : 'agents'}-${index / 2 + 1}'
    properties: union(
      {
        addressPrefix: cidrSubnet(
          network.projectPrefixes[index / 2],
          int(split(network.projectPrefixes[index / 2], '/')[1]) + 1,
          index % 2
        )
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
        privateEndpointNetworkPolicies: 'Enabled'
        routeTable: {
          id: routes.id
        }
      },
      leaving
    )
  }
]
var serviceSubnets = [
  {
    name: 'AzureFirewallSubnet'
    properties: {
      addressPrefix: cidrSubnet(servicePrefix, 26, 0)
    }
  }
  {
    name: 'AzureBastionSubnet'
    properties: {
      addressPrefix: cidrSubnet(servicePrefix, 26, 1)
      networkSecurityGroup: {
        id: bastionGuard.id
      }
    }
  }
]

var gatewaySubnet = [
  {
    name: 'snet-gateway'
    properties: union(
      {
        addressPrefix: cidrSubnet(servicePrefix, 26, 2)
        defaultOutboundAccess: false
        delegations: [
          {
            name: 'api-management'
            properties: {
              serviceName: 'Microsoft.Web/serverFarms'
            }
          }
        ]
        networkSecurityGroup: {
          id: gatewayGuard.id
        }
        privateEndpointNetworkPolicies: 'Enabled'
        routeTable: {
          id: routes.id
        }
      },
      leaving
    )
  }
]

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
    dhcpOptions: {
      dnsServers: network.?dnsServers ?? []
    }
    subnets: concat(
      endpointsSubnet,
      projectSubnets,
      hasServices ? serviceSubnets : [],
      gateway ? gatewaySubnet : []
    )
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

resource gatewayDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (gateway) {
  scope: gatewayGuard
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

resource bastionDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (hasServices) {
  scope: bastionGuard
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

resource addressDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (translated) {
  scope: address
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logs: everyLog
  }
}

@description('Resource id of the virtual network.')
output id string = virtualNetwork.id

@description('Resource id of the subnet for private endpoints.')
output endpointsSubnetId string = '${virtualNetwork.id}/subnets/snet-endpoints'

@description('Address that outbound traffic goes through; empty without a firewall.')
output firewallAddress string = firewallAddress
