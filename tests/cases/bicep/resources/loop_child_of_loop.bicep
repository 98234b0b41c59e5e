param names array
resource v 'Microsoft.Network/virtualNetworks@2023-09-01' = [for n in names: { name: 'v-${n}' }]
resource s 'Microsoft.Network/virtualNetworks/subnets@2023-09-01' = [for (n, i) in names: {
  parent: v[i]
  name: 's'
}]
