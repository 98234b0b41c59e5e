param on bool
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' =
  if (on) {
    name: 's'
  }
