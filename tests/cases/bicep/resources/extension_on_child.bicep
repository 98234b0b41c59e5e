resource s 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {
  name: 's'
  resource b 'blobServices' existing = { name: 'default' }
}
resource d 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'd'
  scope: s::b
}
