module m '../parts/plain.bicep' = {
  name: 'deploy'
  params: { name: 'x', size: 2 }
}
output o string = m.outputs.id
