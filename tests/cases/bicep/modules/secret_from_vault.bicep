param on bool
resource k 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: 'k' }
module m '../parts/secret.bicep' = {
  name: 'm'
  params: { key: k.getSecret('s') }
}
module n '../parts/secret.bicep' = {
  name: 'n'
  params: { key: on ? k.getSecret('s', 'v1') : 'x' }
}
