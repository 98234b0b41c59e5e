param on bool
param names array
resource k 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: 'k' }
module m '../parts/plain.bicep' = {
  name: 'm'
  params: {
    name: on ? 'a' : 'b'
    tags: { all: [for n in names: n] }
  }
}
