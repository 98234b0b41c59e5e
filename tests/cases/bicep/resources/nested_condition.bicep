param on bool
param deep bool
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = if (on) {
  name: 's'
  resource b 'blobServices' = if (deep) { name: 'default' }
}
