param accounts object = {}
resource each 'Microsoft.Storage/storageAccounts@2023-01-01' = [for account in items(accounts): if (account.value.wanted) {
  name: account.key
  tags: account.value.?tags ?? {}
}]
output names array = [for (account, i) in items(accounts): '${i}-${account.key}-${each[i].id}']
