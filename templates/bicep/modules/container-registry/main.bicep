metadata name = 'Container registry'
metadata description = 'A registry without admin user, anonymous pull or public network. Roles are per repository, so that conditions on repository names hold.'

import { everyLog, profileType, tagsType } from '../types.bicep'

@description('Name of the registry.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Strict registries are zone redundant.')
param profile profileType

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Premium'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    dataEndpointEnabled: true
    networkRuleBypassOptions: 'AzureServices'
    networkRuleSet: {
      defaultAction: 'Deny'
      ipRules: []
    }
    policies: {
      // Container Apps pull images with Resource Manager tokens of a managed identity.
      azureADAuthenticationAsArmPolicy: {
        status: 'enabled'
      }
      exportPolicy: {
        status: 'disabled'
      }
    }
    publicNetworkAccess: 'Disabled'
    roleAssignmentMode: 'AbacRepositoryPermissions'
    zoneRedundancy: profile == 'strict' ? 'Enabled' : 'Disabled'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: registry
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logs: everyLog
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the registry.')
output id string = registry.id
