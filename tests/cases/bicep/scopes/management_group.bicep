targetScope = 'managementGroup'
resource p 'Microsoft.Authorization/policyDefinitions@2024-05-01' = { name: 'p' }
module s '../parts/subscription.bicep' = {
  name: 's'
  scope: subscription('11111111-1111-1111-1111-111111111111')
}
output id string = p.id
