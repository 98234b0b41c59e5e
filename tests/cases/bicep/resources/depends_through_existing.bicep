resource a 'Microsoft.Storage/storageAccounts@2023-01-01' = { name: 'a' }
resource e 'Microsoft.Storage/storageAccounts/blobServices@2023-01-01' existing = {
  parent: a
  name: 'default'
}
resource c 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-01-01' = {
  parent: e
  name: 'c'
}
