targetScope = 'tenant'
resource m 'Microsoft.Management/managementGroups@2023-04-01' existing = { name: 'm' }
module a '../parts/group.bicep' = {
  name: 'a'
  scope: m
}
module b '../parts/group.bicep' = {
  name: 'b'
  scope: managementGroup('other')
}
