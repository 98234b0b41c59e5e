metadata name = 'Budget'
metadata description = 'A monthly budget of the subscription that warns at half, four fifths and all of it, and when the forecast exceeds it.'

targetScope = 'subscription'

import { budgetType, receiverType } from '../types.bicep'

@description('Name of the budget.')
param name string

@description('Amount and first month.')
param budget budgetType

@description('Who is told by mail.')
param receivers receiverType[]

@description('Resource id of the action group that is told.')
param actionGroupId string

@description('First month that counts when the budget names none.')
param thisMonth string = utcNow('yyyy-MM-01')

var emails = [for receiver in receivers: receiver.email]

resource monthly 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: name
  properties: {
    amount: budget.amount
    category: 'Cost'
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: budget.?startDate ?? thisMonth
    }
    notifications: {
      half: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 50
        thresholdType: 'Actual'
        contactEmails: emails
        contactGroups: [
          actionGroupId
        ]
        contactRoles: [
          'Owner'
        ]
      }
      most: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: emails
        contactGroups: [
          actionGroupId
        ]
        contactRoles: [
          'Owner'
        ]
      }
      all: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Actual'
        contactEmails: emails
        contactGroups: [
          actionGroupId
        ]
        contactRoles: [
          'Owner'
        ]
      }
      forecast: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: emails
        contactGroups: [
          actionGroupId
        ]
        contactRoles: [
          'Owner'
        ]
      }
    }
  }
}

@description('Resource id of the budget.')
output id string = monthly.id
