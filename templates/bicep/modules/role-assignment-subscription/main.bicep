metadata name = 'Role assignments on the subscription'
metadata description = 'Lets the pipelines of one project read its subscription: a plan compares everything an environment has, and a release reads what the deployment stack hands over. Reader sees no keys and no data.'

targetScope = 'subscription'

import { principalType } from '../types.bicep'

@description('The managed identities that read.')
param principals principalType[]

var reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in principals: {
    name: guid(toLower(subscription().id), toLower(principal.id), reader)
    properties: {
      principalId: principal.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', reader)
      description: 'coe-scaffold: pipelines plan, and read what the stack hands over'
    }
  }
]
