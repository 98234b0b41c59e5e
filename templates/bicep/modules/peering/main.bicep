metadata name = 'Peering'
metadata description = 'One direction of a peering between two virtual networks.'

@description('Name of the virtual network that the peering starts from.')
param networkName string

@description('Resource id of the virtual network that it leads to.')
param remoteNetworkId string

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' existing = {
  name: networkName
}

resource peering 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2024-07-01' = {
  parent: network
  name: take('peer-${last(split(remoteNetworkId, '/'))}', 80)
  properties: {
    allowForwardedTraffic: true
    allowGatewayTransit: false
    allowVirtualNetworkAccess: true
    remoteVirtualNetwork: {
      id: remoteNetworkId
    }
    useRemoteGateways: false
  }
}

@description('Resource id of the peering.')
output id string = peering.id
