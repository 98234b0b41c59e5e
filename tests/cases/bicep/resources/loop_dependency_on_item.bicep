param names array
resource a 'Microsoft.Network/publicIPAddresses@2023-09-01' = [for n in names: { name: 'a${n}' }]
resource b 'Microsoft.Network/publicIPAddresses@2023-09-01' = [for (n, i) in names: {
  name: 'b${n}'
  properties: { other: a[i].id }
}]
resource c 'Microsoft.Network/publicIPAddresses@2023-09-01' = {
  name: 'c'
  properties: { all: [for i in range(0, 2): a[i].id] }
}
