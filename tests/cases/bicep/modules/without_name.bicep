module m '../parts/plain.bicep' = {
  params: { name: 'x' }
}
output o string = m.outputs.id
output n string = m.name
