resource account 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'account'
}
resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-01-01' = {
  parent: account
  name: 'default'
}
resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-01-01' = {
  parent: blobs
  name: 'data'
}
output id string = container.id
output name string = container.name
