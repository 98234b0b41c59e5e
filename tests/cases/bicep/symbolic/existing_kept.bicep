param a string[]
resource v 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: a[0] }
resource s 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: v
  name: 's'
}
output uri string = v.properties.vaultUri
output id string = v.id
