metadata name = 'Log initiative'
metadata description = 'Azure\'s initiative that asks every resource of the subscription to send its logs to the workspace of the environment; where it may deploy diagnostic settings, its identity has the role for it.'

targetScope = 'subscription'

import { logInitiativeType } from '../types.bicep'

@description('Which logs it asks for, and what it does about resources without them.')
param initiative logInitiativeType

@description('Region of the identity of the assignment.')
param location string

@description('Resource id of the workspace.')
param workspaceId string

var initiatives = {
  allLogs: '0884adba-2312-4468-abeb-5422caed1038'
  audit: 'f5b29bc4-feca-4cc6-a58a-772dd5e290a5'
}
var deploys = initiative.effect == 'DeployIfNotExists'
var workspaceParts = split(workspaceId, '/')
var elsewhere = toLower(workspaceParts[2]) != toLower(subscription().subscriptionId)
var logAnalyticsContributor = '92aaf0da-9dab-42b6-94a3-d43ce8d16293'

// The setting has the name that the templates give theirs: a second one to the same workspace is refused.
resource assignment 'Microsoft.Authorization/policyAssignments@2025-03-01' = {
  name: 'coe-logs'
  location: location
  identity: {
    type: deploys ? 'SystemAssigned' : 'None'
  }
  properties: {
    displayName: 'Logs of supported resources to Log Analytics'
    description: 'coe-scaffold: chosen in the parameter monitoring'
    enforcementMode: 'Default'
    parameters: {
      effect: { value: initiative.effect }
      diagnosticSettingName: { value: 'coe' }
      logAnalytics: { value: workspaceId }
    }
    policyDefinitionId: tenantResourceId(
      'Microsoft.Authorization/policySetDefinitions',
      initiatives[initiative.logs]
    )
  }
}

resource contributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (deploys) {
  name: guid(toLower(subscription().id), toLower(assignment.id), logAnalyticsContributor)
  properties: {
    principalId: assignment.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', logAnalyticsContributor)
    description: 'coe-scaffold: the log initiative deploys diagnostic settings'
  }
}

module sends '../role-assignment-log-analytics/main.bicep' = if (deploys && elsewhere) {
  scope: resourceGroup(workspaceParts[2], workspaceParts[4])
  params: {
    workspaceName: workspaceParts[8]
    principal: {
      id: assignment.id
      principalId: assignment.identity.principalId
    }
    access: 'contributor'
    reason: 'the log initiative connects resources'
  }
}

@description('Name of the assignment.')
output name string = assignment.name
