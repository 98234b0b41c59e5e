metadata name = 'Private DNS zones'
metadata description = 'The private DNS zones that the landing zone\'s private endpoints register in, linked to the virtual network.'

import { tagsType } from '../types.bicep'

@description('Names of the zones.')
param zones string[]

@description('Tags.')
param tags tagsType

@description('Name of each link.')
param linkName string

@description('Resource id of the virtual network that resolves the zones.')
param virtualNetworkId string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for name in zones: {
    name: name
    location: 'global'
    tags: tags
  }
]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (name, index) in zones: {
    parent: zone[index]
    name: linkName
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: virtualNetworkId
      }
    }
  }
]

@description('Names of the zones that exist after this module.')
output names string[] = [for (name, index) in zones: zone[index].name]
