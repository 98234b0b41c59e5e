resource s 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {
  name: 's'
  scope: resourceGroup('other')
}
resource t 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {
  name: 't'
  scope: resourceGroup('11111111-1111-1111-1111-111111111111', 'far')
}
output ids array = [s.id, t.id]
