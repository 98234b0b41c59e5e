metadata name = 'Firewall'
metadata description = 'The hub\'s firewall: what applications need of Azure and the host names listed here get through, everything else is refused. It answers DNS for the networks behind it.'

import { everyLog, profileType, tagsType } from '../types.bicep'

@description('What names end with.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Strict firewalls are zone redundant and refuse known malicious addresses; others report them.')
param profile profileType

@description('Name of the virtual network that has the subnet AzureFirewallSubnet.')
param networkName string

@description('Host names that get through, besides what applications need of Azure.')
param allowedHosts string[]

@description('Address ranges that may use the firewall.')
param sources string[]

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' existing = {
  name: networkName

  resource subnet 'subnets' existing = {
    name: 'AzureFirewallSubnet'
  }
}

resource address 'Microsoft.Network/publicIPAddresses@2024-07-01' = {
  name: 'pip-firewall-${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Regional'
  }
  zones: profile == 'strict' ? ['1', '2', '3'] : []
  properties: {
    publicIPAddressVersion: 'IPv4'
    publicIPAllocationMethod: 'Static'
  }
}

resource policy 'Microsoft.Network/firewallPolicies@2024-07-01' = {
  name: 'afwp-${suffix}'
  location: location
  tags: tags
  properties: {
    dnsSettings: {
      enableProxy: true
      servers: []
    }
    sku: {
      tier: 'Standard'
    }
    threatIntelMode: profile == 'strict' ? 'Deny' : 'Alert'
  }
}

resource rules 'Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-07-01' = {
  parent: policy
  name: 'coe'
  properties: {
    priority: 500
    ruleCollections: concat(
      [
        {
          ruleCollectionType: 'FirewallPolicyFilterRuleCollection'
          name: 'azure'
          priority: 100
          action: {
            type: 'Allow'
          }
          rules: [
            {
              ruleType: 'NetworkRule'
              name: 'services'
              ipProtocols: [
                'TCP'
              ]
              sourceAddresses: sources
              destinationAddresses: [
                'AzureActiveDirectory'
                'AzureFrontDoor.FirstParty'
                'AzureMonitor'
                'MicrosoftContainerRegistry'
              ]
              destinationPorts: [
                '443'
              ]
            }
          ]
        }
      ],
      empty(allowedHosts)
        ? []
        : [
            {
              ruleCollectionType: 'FirewallPolicyFilterRuleCollection'
              name: 'hosts'
              priority: 200
              action: {
                type: 'Allow'
              }
              rules: [
                {
                  ruleType: 'ApplicationRule'
                  name: 'allowed'
                  protocols: [
                    {
                      port: 443
                      protocolType: 'Https'
                    }
                  ]
                  sourceAddresses: sources
                  targetFqdns: allowedHosts
                }
              ]
            }
          ]
    )
  }
}

resource firewall 'Microsoft.Network/azureFirewalls@2024-07-01' = {
  name: 'afw-${suffix}'
  location: location
  tags: tags
  zones: profile == 'strict' ? ['1', '2', '3'] : []
  properties: {
    firewallPolicy: {
      id: policy.id
    }
    ipConfigurations: [
      {
        name: 'default'
        properties: {
          publicIPAddress: {
            id: address.id
          }
          subnet: {
            id: network::subnet.id
          }
        }
      }
    ]
    sku: {
      name: 'AZFW_VNet'
      tier: 'Standard'
    }
  }
  dependsOn: [
    rules
  ]
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: firewall
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
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

resource addressDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: address
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logs: everyLog
  }
}

@description('Resource id of the firewall.')
output id string = firewall.id
