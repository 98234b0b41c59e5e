param location string
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'store'
  location: location
  sku: { name: 'Standard_LRS' }
  kind: 'StorageV2'
  properties: {}
}
