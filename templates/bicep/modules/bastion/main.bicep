metadata name = 'Bastion'
metadata description = 'Administrators reach machines in the network through the portal, without public addresses on them.'

import { everyLog, tagsType } from '../types.bicep'

@description('What names end with.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Name of the virtual network that has the subnet AzureBastionSubnet.')
param networkName string

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' existing = {
  name: networkName

  resource subnet 'subnets' existing = {
    name: 'AzureBastionSubnet'
  }
}

resource address 'Microsoft.Network/publicIPAddresses@2024-07-01' = {
  name: 'pip-bastion-${suffix}'
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

resource bastion 'Microsoft.Network/bastionHosts@2024-07-01' = {
  name: 'bas-${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    disableCopyPaste: true
    enableFileCopy: false
    enableShareableLink: false
    enableTunneling: false
    ipConfigurations: [
      {
        name: 'default'
        properties: {
          privateIPAllocationMethod: 'Dynamic'
          publicIPAddress: {
            id: address.id
          }
          subnet: {
            id: network::subnet.id
          }
        }
      }
    ]
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: bastion
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logs: everyLog
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

@description('Resource id of the Bastion host.')
output id string = bastion.id
