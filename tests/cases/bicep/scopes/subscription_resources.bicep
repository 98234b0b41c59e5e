targetScope = 'subscription'
param prefix string
resource group 'Microsoft.Resources/resourceGroups@2023-07-01' = {
  name: 'rg-${prefix}'
  location: deployment().location
}
module inside '../parts/plain.bicep' = {
  scope: group
  name: 'inside'
  params: {
    name: prefix
  }
}
resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' existing = {
  name: 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
}
output role string = role.id
output group string = group.id
