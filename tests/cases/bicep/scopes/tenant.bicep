targetScope = 'tenant'
resource m 'Microsoft.Management/managementGroups@2023-04-01' = { name: 'm' }
module s '../parts/subscription.bicep' = {
  name: 's'
  scope: subscription('11111111-1111-1111-1111-111111111111')
}
output id string = m.id
