module m '../parts/plain.bicep' = {
  name: 'm'
  scope: resourceGroup('11111111-1111-1111-1111-111111111111', 'far')
  params: { name: 'x' }
}
