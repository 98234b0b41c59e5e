metadata name = 'Log Analytics workspace'
metadata description = 'One workspace for all logs of an environment; access by Microsoft Entra ID only, kept for at least six months.'

import { everyLog, monitoringType, tagsType } from '../types.bicep'

@description('Name of the workspace.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Retention and ingestion ceiling.')
param monitoring monitoringType

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
    retentionInDays: monitoring.retentionDays
    sku: {
      name: 'PerGB2018'
    }
    workspaceCapping: {
      dailyQuotaGb: monitoring.dailyQuotaGb
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: workspace
  name: 'coe'
  properties: {
    workspaceId: workspace.id
    logs: everyLog
  }
}

@description('Resource id of the workspace.')
output id string = workspace.id
