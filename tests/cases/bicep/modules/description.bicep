@description('Sub.')
module m '../parts/plain.bicep' = {
  name: 'm'
  params: { name: 'x' }
}
