resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 's'
  resource b 'blobServices' = {
    name: 'default'
    resource c 'containers@2022-09-01' = {
      name: 'data'
    }
  }
}
output id string = s::b::c.id
