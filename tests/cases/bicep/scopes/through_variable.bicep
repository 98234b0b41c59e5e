var place = resourceGroup('other')
module m '../parts/plain.bicep' = {
  name: 'm'
  scope: place
  params: { name: 'x' }
}
