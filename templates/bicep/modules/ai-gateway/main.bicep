metadata name = 'AI gateway'
metadata description = 'API Management before the models of projects: callers sign in with Microsoft Entra ID and need no subscription key, tokens are limited and counted per project, prompts pass content safety, and the models are called with the gateway\'s own identity.'

import { everyLog, gatewayType, tagsType } from '../types.bicep'

@description('Name of the gateway.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Publisher, and the projects behind the gateway.')
param gateway gatewayType

@description('Resource id of the subnet that the gateway calls from.')
param subnetId string

@description('Name of the Application Insights component that counts tokens.')
param insightsName string

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'
var audience = 'https://cognitiveservices.azure.com'
var projects = gateway.projects
var callers = [
  for project in projects: join(map(project.clientIds, id => '<application-id>${id}</application-id>'), '')
]
var cache = gateway.?semanticCache
var lookup = cache == null
  ? ''
  : '<llm-semantic-cache-lookup score-threshold="${cache!.scoreThreshold}" embeddings-backend-id="embeddings" embeddings-backend-auth="system-assigned" />'
var store = cache == null ? '' : '<llm-semantic-cache-store duration="${cache!.seconds}" />'

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource service 'Microsoft.ApiManagement/service@2024-05-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'StandardV2'
    capacity: 1
  }
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    publisherEmail: gateway.publisherEmail
    publisherName: gateway.publisherName
    // Azure refuses to create a gateway without public address; it can be closed afterwards.
    publicNetworkAccess: gateway.closed ? 'Disabled' : 'Enabled'
    virtualNetworkType: 'External'
    virtualNetworkConfiguration: {
      subnetResourceId: subnetId
    }
  }
}

resource publishesMetrics 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(toLower(insights.id), toLower(service.id), metricsPublisher)
  properties: {
    principalId: service.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
    description: 'coe-scaffold: the gateway counts tokens without keys'
  }
}

resource logger 'Microsoft.ApiManagement/service/loggers@2024-05-01' = {
  parent: service
  name: 'insights'
  properties: {
    loggerType: 'applicationInsights'
    resourceId: insights.id
    credentials: {
      connectionString: insights.properties.ConnectionString
      identityClientId: 'SystemAssigned'
    }
  }
  dependsOn: [
    publishesMetrics
  ]
}

resource embeddings 'Microsoft.ApiManagement/service/backends@2024-06-01-preview' = if (cache != null) {
  parent: service
  name: 'embeddings'
  properties: {
    protocol: 'http'
    url: cache.?embeddingsUrl ?? ''
  }
}

resource models 'Microsoft.ApiManagement/service/backends@2024-06-01-preview' = [
  for project in projects: {
    parent: service
    name: 'models-${project.name}'
    properties: {
      protocol: 'http'
      url: '${project.endpoint}/openai'
    }
  }
]

resource safety 'Microsoft.ApiManagement/service/backends@2024-06-01-preview' = [
  for project in projects: {
    parent: service
    name: 'safety-${project.name}'
    properties: {
      protocol: 'http'
      url: project.endpoint
      credentials: {
        managedIdentity: {
          resource: audience
        }
      }
    }
  }
]

resource api 'Microsoft.ApiManagement/service/apis@2024-05-01' = [
  for project in projects: {
    parent: service
    name: project.name
    properties: {
      displayName: project.name
      path: project.name
      protocols: [
        'https'
      ]
      subscriptionRequired: false
    }
  }
]

resource ask 'Microsoft.ApiManagement/service/apis/operations@2024-05-01' = [
  for (project, index) in projects: {
    parent: api[index]
    name: 'ask'
    properties: {
      displayName: 'Ask a model'
      method: 'POST'
      urlTemplate: '/*'
    }
  }
]

resource policy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = [
  for (project, index) in projects: {
    parent: api[index]
    name: 'policy'
    properties: {
      format: 'xml'
      value: join(
        [
          '<policies><inbound><base />'
          '<validate-azure-ad-token tenant-id="${tenant().tenantId}" header-name="Authorization">'
          '<client-application-ids>${callers[index]}</client-application-ids>'
          '<audiences><audience>${audience}</audience></audiences></validate-azure-ad-token>'
          '<llm-token-limit counter-key="${project.name}" tokens-per-minute="${project.tokensPerMinute}" estimate-prompt-tokens="true" />'
          '<llm-content-safety backend-id="${safety[index].name}" shield-prompt="true"><categories output-type="FourSeverityLevels">'
          '<category name="Hate" threshold="4" /><category name="SelfHarm" threshold="4" />'
          '<category name="Sexual" threshold="4" /><category name="Violence" threshold="4" />'
          '</categories></llm-content-safety>'
          lookup
          '<llm-emit-token-metric namespace="coe"><dimension name="Project" value="${project.name}" /></llm-emit-token-metric>'
          '<authentication-managed-identity resource="${audience}" />'
          '<set-backend-service backend-id="${models[index].name}" />'
          '</inbound><backend><base /></backend><outbound><base />${store}</outbound><on-error><base /></on-error></policies>'
        ],
        ''
      )
    }
    dependsOn: [
      embeddings
      logger
    ]
  }
]

resource product 'Microsoft.ApiManagement/service/products@2024-05-01' = [
  for project in projects: {
    parent: service
    name: project.name
    properties: {
      displayName: project.name
      description: 'Models of the project ${project.name}.'
      state: 'published'
      subscriptionRequired: false
    }
  }
]

resource offered 'Microsoft.ApiManagement/service/products/apis@2024-05-01' = [
  for (project, index) in projects: {
    parent: product[index]
    name: api[index].name
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: service
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: everyLog
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the gateway.')
output id string = service.id

@description('Object id of the identity of the gateway; projects let it call their models.')
output principalId string = service.identity.principalId
