metadata name = 'Action group'
metadata description = 'Who is told when an alert fires; without receivers the owners of the subscription are told.'

import { receiverType, tagsType } from '../types.bicep'

@description('Name of the action group.')
param name string

@description('Short name, shown in messages.')
@maxLength(12)
param shortName string

@description('Tags.')
param tags tagsType

@description('Who is told.')
param receivers receiverType[]

var ownerRoleId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: shortName
    emailReceivers: [
      for receiver in receivers: {
        name: receiver.name
        emailAddress: receiver.email
        useCommonAlertSchema: true
      }
    ]
    armRoleReceivers: empty(receivers)
      ? [
          {
            name: 'owners'
            roleId: ownerRoleId
            useCommonAlertSchema: true
          }
        ]
      : []
  }
}

@description('Resource id of the action group.')
output id string = group.id
