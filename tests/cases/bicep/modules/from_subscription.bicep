targetScope = 'subscription'
resource g 'Microsoft.Resources/resourceGroups@2024-03-01' = { name: 'g', location: 'westeurope' }
module m '../parts/plain.bicep' = {
  name: 'm'
  scope: g
  params: { name: 'x' }
}
module n '../parts/plain.bicep' = {
  name: 'n'
  scope: resourceGroup('by-name')
  params: { name: 'x' }
}
module o '../parts/subscription.bicep' = { name: 'o' }
output x string = m.outputs.id
