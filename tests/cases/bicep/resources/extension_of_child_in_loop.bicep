param names array
resource account 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {
  name: 'account'
  resource blobs 'blobServices' existing = {
    name: 'default'
  }
}
resource locks 'Microsoft.Authorization/locks@2020-05-01' = [for name in names: {
  scope: account::blobs
  name: name
  properties: {
    level: 'CanNotDelete'
  }
}]
