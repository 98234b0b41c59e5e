@description('A store.')
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'store'
  metadata: { own: 'x' }
}
