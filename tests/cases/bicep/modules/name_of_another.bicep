module first '../parts/plain.bicep' = {
  name: 'first'
  params: {
    name: 'one'
  }
}
module second '../parts/plain.bicep' = if (length(first.name) > 2) {
  name: '${first.name}-second'
  params: {
    name: 'two'
  }
  dependsOn: [
    first
  ]
}
