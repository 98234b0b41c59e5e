@onlyIfNotExists()
resource account 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'account'
}
