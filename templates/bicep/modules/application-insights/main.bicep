metadata name = 'Application Insights'
metadata description = 'Traces of one project, kept in the Log Analytics workspace of its environment; telemetry is sent with Microsoft Entra ID.'

import { tagsType } from '../types.bicep'

@description('Name of the component.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Resource id of the Log Analytics workspace that keeps the data.')
param workspaceId string

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    IngestionMode: 'LogAnalytics'
    WorkspaceResourceId: workspaceId
  }
}

@description('Resource id of the component.')
output id string = component.id
