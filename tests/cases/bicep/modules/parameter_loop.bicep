param names array
module m '../parts/list.bicep' = {
  name: 'm'
  params: { items: [for (n, i) in names: { name: n, index: i }] }
}
