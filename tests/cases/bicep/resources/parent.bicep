resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = { name: 's' }
resource b 'Microsoft.Storage/storageAccounts/blobServices@2023-01-01' = {
  parent: s
  name: 'default'
}
resource c 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-01-01' = {
  parent: b
  name: 'data'
}
output id string = c.id
output name string = c.name
