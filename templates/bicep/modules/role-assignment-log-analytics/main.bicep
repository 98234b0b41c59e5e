metadata name = 'Role assignment on Log Analytics'
metadata description = 'Lets one managed identity query the logs of an environment.'

import { principalType } from '../types.bicep'

@description('Name of the workspace.')
param workspaceName string

@description('The managed identity.')
param principal principalType

@description('What the identity queries for.')
param reason string

var logAnalyticsDataReader = '3b03c2da-16b3-4a49-8834-0f8130efdd3b'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: workspace
  name: guid(toLower(workspace.id), toLower(principal.id), logAnalyticsDataReader)
  properties: {
    principalId: principal.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', logAnalyticsDataReader)
    description: 'coe-scaffold: ${reason}'
  }
}

@description('Resource id of the assignment.')
output id string = assignment.id
