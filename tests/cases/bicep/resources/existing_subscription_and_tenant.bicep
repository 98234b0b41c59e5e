resource a 'Microsoft.Authorization/roleDefinitions@2022-04-01' existing = {
  scope: subscription()
  name: 'x'
}
resource b 'Microsoft.Management/managementGroups@2023-04-01' existing = {
  scope: tenant()
  name: 'mg'
}
output ids array = [a.id, b.id]
