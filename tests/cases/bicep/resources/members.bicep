resource a 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'a'
  identity: { type: 'SystemAssigned' }
}
output all array = [a.id, a.name, a.type, a.apiVersion, a.identity.principalId, a['id'], a.properties]
