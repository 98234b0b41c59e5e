metadata name = 'Alert rules'
metadata description = 'Alert rules on metrics of a project\'s resources and on the log of its application. Which there are, when they fire, how urgent that is and who is told are parameters; a rule whose resource the project does not have is not made.'

import { alertsType, tagsType } from '../types.bicep'

@description('What names end with: prefix, project, environment and region.')
param suffix string

@description('Region of the rules on logs: that of the workspace; rules on metrics are global.')
param location string

@description('Tags.')
param tags tagsType

@description('The alert rules that are wanted.')
param alerts alertsType

@description('Resource ids by what rules look at: foundry, search, app, cosmos, documents, workspace, endpoint, factory, vault, storage.')
param targets tagsType

@description('Name of the application whose log is read.')
param appName string

@description('Resource ids of the action groups by who is told; who is not in it is not told.')
param actionGroups tagsType

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

// Metrics as Azure names them: https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index
var metrics = {
  modelThrottled: {
    title: 'A model refuses calls because its capacity is used up'
    target: 'foundry'
    namespace: 'Microsoft.CognitiveServices/accounts'
    metric: 'ModelRequests'
    aggregation: 'Total'
    operator: 'GreaterThan'
    dimensions: [
      { name: 'StatusCode', operator: 'Include', values: ['429'] }
    ]
  }
  modelUnavailable: {
    title: 'A model answers with server errors'
    target: 'foundry'
    namespace: 'Microsoft.CognitiveServices/accounts'
    metric: 'ModelAvailabilityRate'
    aggregation: 'Average'
    operator: 'LessThan'
    dimensions: []
  }
  modelSlow: {
    title: 'A model takes long to begin its answer'
    target: 'foundry'
    namespace: 'Microsoft.CognitiveServices/accounts'
    metric: 'AzureOpenAITimeToResponse'
    aggregation: 'Average'
    operator: 'GreaterThan'
    dimensions: []
  }
  contentBlocked: {
    title: 'The content filter blocks many prompts or answers'
    target: 'foundry'
    namespace: 'Microsoft.CognitiveServices/accounts'
    metric: 'RAIRejectedRequests'
    aggregation: 'Total'
    operator: 'GreaterThan'
    dimensions: []
  }
  tokensUsed: {
    title: 'More tokens are used than planned'
    target: 'foundry'
    namespace: 'Microsoft.CognitiveServices/accounts'
    metric: 'TotalTokens'
    aggregation: 'Total'
    operator: 'GreaterThan'
    dimensions: []
  }
  searchThrottled: {
    title: 'The search service refuses queries because it is too small'
    target: 'search'
    namespace: 'Microsoft.Search/searchServices'
    metric: 'ThrottledSearchQueriesPercentage'
    aggregation: 'Average'
    operator: 'GreaterThan'
    dimensions: []
  }
  searchSlow: {
    title: 'Queries of the search service take long'
    target: 'search'
    namespace: 'Microsoft.Search/searchServices'
    metric: 'SearchLatency'
    aggregation: 'Average'
    operator: 'GreaterThan'
    dimensions: []
  }
  appFailing: {
    title: 'The application answers with server errors'
    target: 'app'
    namespace: 'Microsoft.App/containerapps'
    metric: 'Requests'
    aggregation: 'Total'
    operator: 'GreaterThan'
    dimensions: [
      { name: 'statusCodeCategory', operator: 'Include', values: ['5xx'] }
    ]
  }
  appSlow: {
    title: 'The application takes long to answer'
    target: 'app'
    namespace: 'Microsoft.App/containerapps'
    metric: 'ResponseTime'
    aggregation: 'Average'
    operator: 'GreaterThan'
    dimensions: []
  }
  appRestarting: {
    title: 'A replica of the application starts again and again'
    target: 'app'
    namespace: 'Microsoft.App/containerapps'
    metric: 'RestartCount'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    dimensions: []
  }
  stateThrottled: {
    title: 'The database of the agents refuses requests because its throughput is used up'
    target: 'cosmos'
    namespace: 'Microsoft.DocumentDB/databaseAccounts'
    metric: 'TotalRequests'
    aggregation: 'Count'
    operator: 'GreaterThan'
    dimensions: [
      { name: 'StatusCode', operator: 'Include', values: ['429'] }
    ]
  }
  documentsFailing: {
    title: 'Document Intelligence answers with server errors'
    target: 'documents'
    namespace: 'Microsoft.CognitiveServices/accounts'
    metric: 'ServerErrors'
    aggregation: 'Total'
    operator: 'GreaterThan'
    dimensions: []
  }
  documentsThrottled: {
    title: 'Document Intelligence refuses calls above its rate'
    target: 'documents'
    namespace: 'Microsoft.CognitiveServices/accounts'
    metric: 'BlockedCalls'
    aggregation: 'Total'
    operator: 'GreaterThan'
    dimensions: []
  }
  jobsFailed: {
    title: 'A job of Machine Learning failed'
    target: 'workspace'
    namespace: 'Microsoft.MachineLearningServices/workspaces'
    metric: 'Failed Runs'
    aggregation: 'Total'
    operator: 'GreaterThan'
    dimensions: []
  }
  endpointFailing: {
    title: 'The online endpoint answers with server errors'
    target: 'endpoint'
    namespace: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints'
    metric: 'RequestsPerMinute'
    aggregation: 'Average'
    operator: 'GreaterThan'
    dimensions: [
      { name: 'statusCodeClass', operator: 'Include', values: ['5xx'] }
    ]
  }
  endpointSlow: {
    title: 'The online endpoint takes long to answer'
    target: 'endpoint'
    namespace: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints'
    metric: 'RequestLatency_P95'
    aggregation: 'Average'
    operator: 'GreaterThan'
    dimensions: []
  }
  flowsFailed: {
    title: 'A pipeline of the data factory failed'
    target: 'factory'
    namespace: 'Microsoft.DataFactory/factories'
    metric: 'PipelineFailedRuns'
    aggregation: 'Total'
    operator: 'GreaterThan'
    dimensions: []
  }
  vaultUnavailable: {
    title: 'The key vault does not answer'
    target: 'vault'
    namespace: 'Microsoft.KeyVault/vaults'
    metric: 'Availability'
    aggregation: 'Average'
    operator: 'LessThan'
    dimensions: []
  }
  storageUnavailable: {
    title: 'The storage account does not answer'
    target: 'storage'
    namespace: 'Microsoft.Storage/storageAccounts'
    metric: 'Availability'
    aggregation: 'Average'
    operator: 'LessThan'
    dimensions: []
  }
}

// Lines of the application's log that count, after those of other applications are left out.
var lines = {
  accessWithheld: {
    title: 'Search found passages that the person may not read; they were withheld'
    filter: 'entry.event == "answer" and tostring(entry.detail) endswith "passages withheld after search"'
  }
  injectionFound: {
    title: 'Something that was read tried to give orders'
    filter: 'array_length(entry.flagged) > 0 or tostring(entry.reasons) contains "read like orders"'
  }
  contentUnsafe: {
    title: 'Questions, tasks or answers were unsafe'
    filter: 'tostring(entry.reason) in ("unsafe-question", "unsafe-task", "unsafe-answer")'
  }
  limitsReached: {
    title: 'Runs ended at a limit of steps, time or size'
    filter: 'entry.event == "end" and tostring(entry.reason) in ("steps", "time", "size")'
  }
}

var frequencies = {
  PT5M: 'PT1M'
  PT15M: 'PT5M'
  PT30M: 'PT5M'
  PT1H: 'PT15M'
}
var onMetrics = filter(
  items(alerts),
  alert => contains(metrics, alert.key) && contains(targets, metrics[alert.key].target)
)
var onLines = filter(items(alerts), alert => contains(lines, alert.key) && contains(targets, 'app'))

resource metricAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in onMetrics: {
    name: 'alert-${alert.key}-${suffix}'
    location: 'global'
    tags: tags
    properties: {
      description: metrics[alert.key].title
      enabled: true
      severity: alert.value.severity
      scopes: [
        targets[metrics[alert.key].target]
      ]
      evaluationFrequency: frequencies[?alert.value.window] ?? 'PT1H'
      windowSize: alert.value.window
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.key
            metricNamespace: metrics[alert.key].namespace
            metricName: metrics[alert.key].metric
            timeAggregation: metrics[alert.key].aggregation
            operator: metrics[alert.key].operator
            threshold: alert.value.threshold
            dimensions: metrics[alert.key].dimensions
            skipMetricValidation: true
          }
        ]
      }
      autoMitigate: true
      actions: map(
        filter(alert.value.tells, who => contains(actionGroups, who)),
        who => {
          actionGroupId: actionGroups[who]
        }
      )
    }
  }
]

resource logAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in onLines: {
    name: 'alert-${alert.key}-${suffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'alert-${alert.key}-${suffix}'
      description: lines[alert.key].title
      enabled: true
      severity: alert.value.severity
      scopes: [
        workspaceId
      ]
      evaluationFrequency: frequencies[?alert.value.window] ?? 'PT1H'
      windowSize: alert.value.window
      criteria: {
        allOf: [
          {
            query: 'ContainerAppConsoleLogs | where ContainerAppName == "${appName}" | extend entry = parse_json(Log) | where ${lines[alert.key].filter}'
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: alert.value.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      skipQueryValidation: true // the table comes with its first line
      actions: {
        actionGroups: map(
          filter(alert.value.tells, who => contains(actionGroups, who)),
          who => actionGroups[who]
        )
      }
    }
  }
]

@description('Names of the alert rules.')
output names string[] = map(concat(onMetrics, onLines), alert => 'alert-${alert.key}-${suffix}')
