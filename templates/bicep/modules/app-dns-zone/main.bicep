metadata name = 'DNS zone of applications'
metadata description = 'The private DNS zone of a Container Apps environment: every name in its domain leads to its address inside the network.'

import { tagsType } from '../types.bicep'

@description('Domain of the environment.')
param domain string

@description('Address of the environment inside the network.')
param address string

@description('Tags.')
param tags tagsType

@description('Resource ids of the virtual networks that resolve the zone.')
param networkIds string[]

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: domain
  location: 'global'
  tags: tags
}

resource records 'Microsoft.Network/privateDnsZones/A@2024-06-01' = [
  for name in ['*', '@']: {
    parent: zone
    name: name
    properties: {
      ttl: 3600
      aRecords: [
        {
          ipv4Address: address
        }
      ]
    }
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for id in networkIds: {
    parent: zone
    name: 'link-${last(split(id, '/'))}'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: id
      }
    }
  }
]

@description('Resource id of the zone.')
output id string = zone.id
