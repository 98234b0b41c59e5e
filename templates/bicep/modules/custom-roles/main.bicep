metadata name = 'Custom roles'
metadata description = 'Roles that no built-in role can stand in for, defined in the management group under names that the access engine computes too.'

targetScope = 'managementGroup'

import { customRoleType } from '../types.bicep'

@description('The roles.')
param roles customRoleType[]

resource definition 'Microsoft.Authorization/roleDefinitions@2022-04-01' = [
  for role in roles: {
    name: guid(toLower(managementGroup().id), role.name)
    properties: {
      roleName: role.name
      description: role.description
      type: 'CustomRole'
      permissions: [
        {
          actions: role.actions
          notActions: role.notActions
          dataActions: role.dataActions
          notDataActions: role.notDataActions
        }
      ]
      assignableScopes: [
        managementGroup().id
      ]
    }
  }
]

@description('GUIDs of the roles, in their order.')
output ids string[] = [for (role, index) in roles: definition[index].name]
