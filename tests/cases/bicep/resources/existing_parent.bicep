resource v 'Microsoft.Network/virtualNetworks@2023-09-01' existing = {
  name: 'v'
  scope: resourceGroup('net')
  resource s 'subnets' existing = { name: 's' }
}
output id string = v::s.id
