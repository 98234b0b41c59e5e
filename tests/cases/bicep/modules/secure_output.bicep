module m '../parts/secret.bicep' = {
  name: 'm'
  params: { key: 'x' }
}
@secure()
output k string = m.outputs.key
output o string = m.outputs.open
