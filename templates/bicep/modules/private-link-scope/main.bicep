metadata name = 'Private link scope'
metadata description = 'Logs reach their workspace through a private endpoint only; queries stay possible with Microsoft Entra ID.'

import { tagsType } from '../types.bicep'

@description('Name of the scope.')
param name string

@description('Tags.')
param tags tagsType

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

resource scope 'Microsoft.Insights/privateLinkScopes@2021-09-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    accessModeSettings: {
      ingestionAccessMode: 'PrivateOnly'
      queryAccessMode: 'Open'
    }
  }
}

resource workspace 'Microsoft.Insights/privateLinkScopes/scopedResources@2021-09-01' = {
  parent: scope
  name: 'workspace'
  properties: {
    linkedResourceId: workspaceId
  }
}

@description('Resource id of the scope.')
output id string = scope.id
