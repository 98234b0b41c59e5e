param a object
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' existing = { name: 'x' }
output x array = [nameof(a), nameof(a.b.c), nameof(s)]
