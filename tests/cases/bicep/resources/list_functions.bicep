resource a 'Microsoft.Storage/storageAccounts@2023-01-01' = { name: 'a' }
output one string = a.listKeys().keys[0].value
output two object = a.listAccountSas('2023-01-01', { x: 1 })
output three object = listKeys(a.id, '2023-01-01')
