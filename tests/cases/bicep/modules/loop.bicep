param names array
module m '../parts/plain.bicep' = [for (n, i) in names: {
  name: 'deploy-${i}'
  params: { name: n }
}]
output o string = m[0].outputs.id
