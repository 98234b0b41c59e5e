targetScope = 'subscription'
resource g 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'g'
  location: deployment().location
}
resource p 'Microsoft.Authorization/policyAssignments@2024-04-01' = { name: 'p' }
output ids array = [g.id, p.id]
