param a string[]
resource v 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: 'v'
  scope: resourceGroup(a[0], a[1])
}
output x string = v.properties.vaultUri
