resource c 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'c'
  resource d 'subnets' = { name: 'd' }
}
resource a 'Microsoft.Network/publicIPAddresses@2023-09-01' = { name: 'a' }
module m '../parts/plain.bicep' = { name: 'm', params: { name: 'x' } }
