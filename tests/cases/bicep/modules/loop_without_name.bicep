param names array
module m '../parts/plain.bicep' = [for n in names: {
  params: { name: n }
}]
output o string = m[1].outputs.id
