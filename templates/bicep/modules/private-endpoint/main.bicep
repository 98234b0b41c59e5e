metadata name = 'Private endpoint'
metadata description = 'A private endpoint, registered in its private DNS zones.'

import { tagsType } from '../types.bicep'

@description('Name of the endpoint.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Resource id of what the endpoint leads to.')
param targetId string

@description('Sub-resource of the target, such as account, blob, vault, registry or searchService.')
param groupId string

@description('Resource id of the subnet.')
param subnetId string

@description('Names of the private DNS zones to register in.')
param zones string[]

@description('Resource id of the resource group that holds the zones.')
param zonesGroupId string

resource endpoint 'Microsoft.Network/privateEndpoints@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    customNetworkInterfaceName: 'nic-${name}'
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: {
          groupIds: [
            groupId
          ]
          privateLinkServiceId: targetId
        }
      }
    ]
    subnet: {
      id: subnetId
    }
  }
}

resource registration 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      for zone in zones: {
        name: replace(zone, '.', '-')
        properties: {
          privateDnsZoneId: '${zonesGroupId}/providers/Microsoft.Network/privateDnsZones/${zone}'
        }
      }
    ]
  }
}

@description('Resource id of the endpoint.')
output id string = endpoint.id
