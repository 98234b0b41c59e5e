metadata name = 'Role assignment on Log Analytics'
metadata description = 'Lets one managed identity query the logs of an environment, or send logs there.'

import { principalType } from '../types.bicep'

@description('Name of the workspace.')
param workspaceName string

@description('The managed identity.')
param principal principalType

@description('What the identity does there.')
param reason string

@description('What the identity may do: reader queries, contributor connects resources.')
param access 'reader' | 'contributor' = 'reader'

var roles = {
  reader: '3b03c2da-16b3-4a49-8834-0f8130efdd3b' // Log Analytics Data Reader
  contributor: '92aaf0da-9dab-42b6-94a3-d43ce8d16293' // Log Analytics Contributor
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: workspace
  name: guid(toLower(workspace.id), toLower(principal.id), roles[access])
  properties: {
    principalId: principal.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[access])
    description: 'coe-scaffold: ${reason}'
  }
}

@description('Resource id of the assignment.')
output id string = assignment.id
