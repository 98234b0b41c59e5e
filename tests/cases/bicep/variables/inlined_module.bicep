module m '../parts/plain.bicep' = { name: 'm', params: { name: 'x' } }
var out = m.outputs.id
var name = m.name
output o string = out
output n string = name
