resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = { name: 's' }
resource b 'Microsoft.Storage/storageAccounts/blobServices@2023-01-01' = { name: '${s.name}/default' }
output id string = b.id
