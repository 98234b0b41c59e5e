param names array
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = [for n in names: { name: n }]
resource l 'Microsoft.Authorization/locks@2020-05-01' = [for (n, i) in names: {
  name: 'lock'
  scope: s[i]
  properties: { level: 'CanNotDelete' }
}]
