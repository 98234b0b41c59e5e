resource s 'Microsoft.Storage/storageAccounts@2023-01-01' existing = { name: 's' }
output id string = s.id
output endpoint string = s.properties.primaryEndpoints.blob
output location string = s.location
output key string = s.listKeys().keys[0].value
