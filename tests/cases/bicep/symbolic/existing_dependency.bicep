param a string[]
resource v 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: a[0] }
resource p 'Microsoft.Network/publicIPAddresses@2023-09-01' = {
  name: 'p'
  properties: { weak: v.id, strong: v.properties.vaultUri }
}
