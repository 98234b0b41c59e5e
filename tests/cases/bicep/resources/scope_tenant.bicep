targetScope = 'managementGroup'
resource m 'Microsoft.Management/managementGroups@2023-04-01' = {
  scope: tenant()
  name: 'child'
}
output id string = m.id
