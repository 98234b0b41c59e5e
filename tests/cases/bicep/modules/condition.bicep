param on bool
module m '../parts/plain.bicep' = if (on) {
  name: 'm'
  params: { name: 'x' }
}
output o string = m.?outputs.?id ?? ''
