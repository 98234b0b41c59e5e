param names array
resource v 'Microsoft.Network/virtualNetworks@2023-09-01' = {
  name: 'v'
  resource a 'subnets' = { name: 'a' }
  resource b 'subnets' = {
    name: 'b'
    properties: { other: a.id, owner: v.id }
  }
}
