param a string[]
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: a[0]
  resource b 'blobServices' = { name: 'default' }
}
output x object = s::b.properties
