param names array
@batchSize(2)
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = [for (n, i) in names: if (i > 0) {
  name: '${n}${i}'
}]
