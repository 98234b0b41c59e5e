param a string[]
resource v 'Microsoft.KeyVault/vaults@2023-07-01' = { name: a[0] }
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' existing = { name: v.properties.x }
output key string = s.listKeys().keys[0].value
