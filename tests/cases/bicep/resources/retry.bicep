@retryOn(['ServerError'], 2)
@onlyIfNotExists()
resource a 'Microsoft.Storage/storageAccounts@2023-01-01' = { name: 'a' }
