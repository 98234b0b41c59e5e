resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = { name: 's' }
resource r 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(s.id, 'x')
  scope: s
  properties: { principalId: 'p' }
}
output id string = r.id
