param names array
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = [for n in names: {
  name: n
  tags: { index: n }
}]
output first string = s[0].id
output blob string = s[1].properties.primaryEndpoints.blob
