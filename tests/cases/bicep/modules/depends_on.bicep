resource a 'Microsoft.Network/publicIPAddresses@2023-09-01' = { name: 'a' }
module m '../parts/plain.bicep' = {
  name: 'm'
  params: { name: a.name }
  dependsOn: [a]
}
module n '../parts/plain.bicep' = {
  name: 'n'
  params: { name: m.outputs.id }
}
