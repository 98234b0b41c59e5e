targetScope = 'subscription'
param names array
resource g 'Microsoft.Resources/resourceGroups@2024-03-01' = [for n in names: { name: 'g-${n}', location: 'x' }]
module m '../parts/plain.bicep' = [for (n, i) in names: {
  name: 'm-${n}'
  scope: g[i]
  params: { name: n }
}]
