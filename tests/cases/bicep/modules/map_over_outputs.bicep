param names array
module m '../parts/plain.bicep' = [for n in names: {
  name: 'm-${n}'
  params: { name: n }
}]
output all array = map(m, one => one.outputs.id)
