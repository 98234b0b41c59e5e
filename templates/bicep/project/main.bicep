metadata name = 'Project'
metadata description = 'One AI project in one environment: the components it is made of, storage, key vault and registry, all behind private endpoints; the managed identities that run it, and what they may do. It finds the platform of its environment by name.'

targetScope = 'subscription'

import {
  alertsType
  applicationType
  appZoneType
  componentsType
  machineLearningType
  modelDeploymentType
  platformReferenceType
  principalType
  profileType
  regionCodes
  repositoryType
  signInType
  tagsType
} from '../modules/types.bicep'

@description('Start of resource names; stands for the organisation.')
@minLength(2)
@maxLength(8)
param prefix string

@description('Name of the project.')
@minLength(2)
@maxLength(24)
param projectName string

@description('Name people see.')
param displayName string

@description('Name of the environment.')
@minLength(2)
@maxLength(8)
param environmentName string

@description('Region.')
param location string

@description('How strict the environment is.')
param profile profileType

@description('Tags of every resource.')
param tags tagsType

@description('What the project is made of.')
param components componentsType

@description('Where the project finds what its environment shares.')
param platform platformReferenceType

@description('Whether Foundry, Document Intelligence, Machine Learning and indexes of search are encrypted with a key of the project\'s own vault, which you can take away.')
param customerKey bool = false

@description('Models to deploy.')
param models modelDeploymentType[]

@description('The application in Container Apps; left out until a release has made it, then {}: image and traffic stay as releases left them.')
param application applicationType?

@description('How people sign in to the application: the client id of an app registration. Releases fail while anybody can say who he is.')
param signIn signInType?

@description('The private DNS zone that names of the application are found in; left out until the first deployment told its domain, or where a gateway stands before the application.')
param appZone appZoneType?

@description('Settings of the application that the project does not know by itself, by name; nothing secret.')
param settings tagsType = {}

@description('Names in agents/tools.yaml: each tool signs in as an identity of its own.')
param toolIdentities string[] = []

@description('Whether pipelines of the environment evaluate the application here: the identity that deploys may then ask models, search and readers, as the application does.')
param evaluates bool = false

@description('Size of the Machine Learning cluster.')
param machineLearning machineLearningType = {
  vmSize: 'Standard_D4s_v5'
  maxNodes: 4
}

@description('Most request units per second of the Cosmos DB account, where the environment is not strict.')
@minValue(400)
param throughputLimit int = 4000

@description('The AI gateway that may call the models: output gateway of the platform.')
param gateway principalType?

@description('When alerts are raised, how urgent they are, and who is told; none are raised when left out.')
param alerts alertsType = {}

@description('The repository whose pipelines deploy the project.')
param repository repositoryType

@description('GUID of the custom role that may change content filters; nobody gets it when left out.')
param guardrailPublisherRoleId string?

var region = regionCodes[?location] ?? take(location, 6)
var platformSuffix = '${prefix}-platform-${environmentName}-${region}'
var suffix = '${prefix}-${projectName}-${environmentName}-${region}'
var identitySuffix = '${prefix}-${projectName}-id-${environmentName}-${region}'
var hash = take(uniqueString(subscription().subscriptionId, suffix), 6)
var compactName = replace('${prefix}${projectName}', '-', '')
var shortEnvironment = take(environmentName, 4)

var accountName = 'aif-${suffix}-${hash}'
var searchName = 'srch-${suffix}-${hash}'
var storageName = 'st${take(compactName, 12)}${shortEnvironment}${hash}'
var vaultName = 'kv-${take(compactName, 9)}-${shortEnvironment}-${hash}'
var registryName = 'cr${compactName}${shortEnvironment}${hash}'
var insightsName = 'appi-${suffix}'
var cosmosName = 'cosno-${take(compactName, 20)}-${shortEnvironment}-${hash}'
var documentsName = 'di-${suffix}-${hash}'
var appName = 'ca-${take(compactName, 14)}-${shortEnvironment}'
var learningSuffix = '${take(compactName, 12)}-${shortEnvironment}-${hash}'
var registryOfModels = 'mlr-${learningSuffix}'
var learningName = 'mlw-${learningSuffix}'
var factoryName = 'adf-${suffix}-${hash}'

var blobHost = 'blob.${environment().suffixes.storage}'
var searchUrl = 'https://${searchName}.search.windows.net'
var accountUrl = 'https://${accountName}.cognitiveservices.azure.com'
var projectUrl = 'https://${accountName}.services.ai.azure.com/api/projects/proj-${projectName}'

// Cases that wait for a person outlive the container in a container of blobs.
var keepsRecords = components.app && (components.agents || components.documentIntelligence)

// What the project's code asks for, under its own names; the application gets it as environment variables.
var handedOver = union(
  components.app
    ? {
        AZURE_LOG_KEY_ID: 'https://${vaultName}${environment().suffixes.keyvaultDns}/keys/log'
      }
    : {},
  components.foundry
    ? {
        AZURE_AI_PROJECT_ENDPOINT: projectUrl
        AZURE_CONTENT_SAFETY_ENDPOINT: accountUrl
        AZURE_OPENAI_ENDPOINT: 'https://${accountName}.openai.azure.com'
        AZURE_OPENAI_DEPLOYMENT: first(models).?name ?? ''
      }
    : {},
  components.foundry && components.machineLearning
    ? {
        AZURE_OPENAI_BASE_DEPLOYMENT: first(models).?name ?? ''
      }
    : {},
  components.agents
    ? {
        AZURE_AI_AGENT_NAME: projectName
      }
    : {},
  components.search
    ? {
        AZURE_SEARCH_ENDPOINT: searchUrl
        AZURE_SEARCH_INDEX: 'documents'
      }
    : {},
  components.documentIntelligence
    ? {
        AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT: 'https://${documentsName}.cognitiveservices.azure.com'
      }
    : {},
  keepsRecords
    ? {
        AZURE_RECORDS_URL: 'https://${storageName}.${blobHost}/records'
      }
    : {},
  components.machineLearning
    ? {
        AZURE_SUBSCRIPTION_ID: subscription().subscriptionId
        AZURE_RESOURCE_GROUP: 'rg-${suffix}'
        AZURE_ML_WORKSPACE: learningName
        MLFLOW_TRACKING_URI: 'azureml://${location}.api.azureml.ms/mlflow/v1.0${subscription().id}/resourceGroups/rg-${suffix}/providers/Microsoft.MachineLearningServices/workspaces/${learningName}'
      }
    : {},
  settings
)

// Which identity each tool signs in as; only known when they are made.
var toolSettings = empty(toolIdentities)
  ? {}
  : {
      TOOL_IDENTITIES: string(toObject(tools!.outputs.clients, tool => tool.name, tool => tool.clientId))
    }

// What the platform template of the environment made, unless told otherwise.
var platformId = '${subscription().id}/resourceGroups/rg-${platformSuffix}'
var networkId = '${platformId}/providers/Microsoft.Network/virtualNetworks/vnet-${platformSuffix}'
var workspaceId = platform.?workspaceId ?? '${platformId}/providers/Microsoft.OperationalInsights/workspaces/log-${platformSuffix}'
var zonesGroupId = platform.?zonesGroupId ?? platformId
var endpointsSubnetId = platform.?endpointsSubnetId ?? '${networkId}/subnets/snet-endpoints'
var appSubnetId = platform.?appSubnetId ?? '${networkId}/subnets/snet-app-${platform.slot}'
var agentsSubnetId = platform.?agentsSubnetId ?? '${networkId}/subnets/snet-agents-${platform.slot}'
var workspaceParts = split(workspaceId, '/')
var told = union(flatten(map(items(alerts), alert => alert.value.tells)), [])
var actionGroups = platform.?actionGroupIds ?? toObject(
  told,
  who => who,
  who => '${platformId}/providers/Microsoft.Insights/actionGroups/ag-${who}-${platformSuffix}'
)

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${suffix}'
  location: location
  tags: union(tags, {
    'coe-scope': 'project'
  })
}

resource identityGroup 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${identitySuffix}'
  location: location
  tags: union(tags, {
    'coe-scope': 'identity'
  })
}

module identities '../modules/identities/main.bicep' = {
  scope: identityGroup
  params: {
    suffix: suffix
    environmentName: environmentName
    location: location
    tags: tags
    machineLearning: components.machineLearning
    customerKey: customerKey
    repository: repository
  }
}

module insights '../modules/application-insights/main.bicep' = {
  scope: group
  params: {
    name: insightsName
    location: location
    tags: tags
    workspaceId: workspaceId
  }
}

module vault '../modules/key-vault/main.bicep' = {
  scope: group
  params: {
    name: vaultName
    location: location
    tags: tags
    workspaceId: workspaceId
  }
}

module storage '../modules/storage/main.bicep' = {
  scope: group
  params: {
    name: storageName
    location: location
    tags: tags
    profile: profile
    containers: concat(
      [
        'data'
        'evaluation'
      ],
      components.agents ? ['agents-blobstore'] : [],
      keepsRecords ? ['records'] : []
    )
    workspaceId: workspaceId
  }
}

module registry '../modules/container-registry/main.bicep' = {
  scope: group
  params: {
    name: registryName
    location: location
    tags: tags
    profile: profile
    workspaceId: workspaceId
  }
}

module search '../modules/ai-search/main.bicep' = if (components.search) {
  scope: group
  params: {
    name: searchName
    location: location
    tags: tags
    profile: profile
    customerKey: customerKey
    workspaceId: workspaceId
  }
}

module logKey '../modules/log-key/main.bicep' = if (components.app) {
  scope: group
  params: {
    vaultName: vaultName
    tags: tags
    user: identities.outputs.runtime
  }
  dependsOn: [
    vault
  ]
}

module tools '../modules/tool-identities/main.bicep' = if (!empty(toolIdentities)) {
  scope: identityGroup
  params: {
    names: toolIdentities
    suffix: suffix
    location: location
    tags: tags
    deploy: identities.outputs.deploy
  }
}

module encryptionKey '../modules/encryption-key/main.bicep' = if (customerKey) {
  scope: group
  params: {
    vaultName: vaultName
    tags: tags
    users: concat(
      [
        {
          id: identities.outputs.?encryption.?id ?? ''
          principalId: identities.outputs.?encryption.?principalId ?? ''
        }
      ],
      components.search
        ? [
            {
              id: search!.outputs.id
              principalId: search!.outputs.principalId
            }
          ]
        : []
    )
  }
  dependsOn: [
    vault
  ]
}

module cosmos '../modules/cosmos-db/main.bicep' = if (components.agents) {
  scope: group
  params: {
    name: cosmosName
    location: location
    tags: tags
    profile: profile
    throughputLimit: throughputLimit
    workspaceId: workspaceId
  }
}

module documents '../modules/document-intelligence/main.bicep' = if (components.documentIntelligence) {
  scope: group
  params: {
    name: documentsName
    location: location
    tags: tags
    profile: profile
    allowedHosts: [
      '${storageName}.${blobHost}'
    ]
    encryptionKey: customerKey
      ? {
          vaultUri: encryptionKey!.outputs.vaultUri
          name: encryptionKey!.outputs.name
          version: encryptionKey!.outputs.version
          vaultId: vault.outputs.id
          identityId: identities.outputs.?encryption.?id ?? ''
          clientId: identities.outputs.?encryptionClientId ?? ''
        }
      : null
    workspaceId: workspaceId
  }
}

module factory '../modules/data-factory/main.bicep' = if (components.dataFactory) {
  scope: group
  params: {
    name: factoryName
    location: location
    tags: tags
    storageId: storage.outputs.id
    workspaceId: workspaceId
  }
}

module foundry '../modules/foundry/main.bicep' = if (components.foundry) {
  scope: group
  params: {
    name: accountName
    projectName: 'proj-${projectName}'
    displayName: displayName
    location: location
    tags: tags
    profile: profile
    models: models
    allowedHosts: concat(
      components.search ? ['${searchName}.search.windows.net'] : [],
      components.agents ? ['${cosmosName}.documents.azure.com'] : [],
      [
        '${storageName}.${blobHost}'
      ]
    )
    searchName: components.search ? searchName : null
    agents: components.agents
      ? {
          subnetId: agentsSubnetId
          cosmosName: cosmosName
          storageName: storageName
        }
      : null
    encryptionKey: customerKey
      ? {
          vaultUri: encryptionKey!.outputs.vaultUri
          name: encryptionKey!.outputs.name
          version: encryptionKey!.outputs.version
          vaultId: vault.outputs.id
          identityId: identities.outputs.?encryption.?id ?? ''
          clientId: identities.outputs.?encryptionClientId ?? ''
        }
      : null
    workspaceId: workspaceId
  }
  dependsOn: [
    cosmos
    search
    storage
  ]
}

module foundryEndpoint '../modules/private-endpoint/main.bicep' = if (components.foundry) {
  scope: group
  params: {
    name: 'pep-foundry-${suffix}'
    location: location
    tags: tags
    targetId: foundry!.outputs.id
    groupId: 'account'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.cognitiveservices.azure.com'
      'privatelink.openai.azure.com'
      'privatelink.services.ai.azure.com'
    ]
    zonesGroupId: zonesGroupId
  }
}

module searchEndpoint '../modules/private-endpoint/main.bicep' = if (components.search) {
  scope: group
  params: {
    name: 'pep-search-${suffix}'
    location: location
    tags: tags
    targetId: search!.outputs.id
    groupId: 'searchService'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.search.windows.net'
    ]
    zonesGroupId: zonesGroupId
  }
}

module cosmosEndpoint '../modules/private-endpoint/main.bicep' = if (components.agents) {
  scope: group
  params: {
    name: 'pep-cosmos-${suffix}'
    location: location
    tags: tags
    targetId: cosmos!.outputs.id
    groupId: 'Sql'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.documents.azure.com'
    ]
    zonesGroupId: zonesGroupId
  }
}

module documentsEndpoint '../modules/private-endpoint/main.bicep' = if (components.documentIntelligence) {
  scope: group
  params: {
    name: 'pep-documents-${suffix}'
    location: location
    tags: tags
    targetId: documents!.outputs.id
    groupId: 'account'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.cognitiveservices.azure.com'
      'privatelink.openai.azure.com'
      'privatelink.services.ai.azure.com'
    ]
    zonesGroupId: zonesGroupId
  }
}

module factoryEndpoint '../modules/private-endpoint/main.bicep' = if (components.dataFactory) {
  scope: group
  params: {
    name: 'pep-factory-${suffix}'
    location: location
    tags: tags
    targetId: factory!.outputs.id
    groupId: 'dataFactory'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.datafactory.azure.net'
    ]
    zonesGroupId: zonesGroupId
  }
}

module learningEndpoint '../modules/private-endpoint/main.bicep' = if (components.machineLearning) {
  scope: group
  params: {
    name: 'pep-learning-${suffix}'
    location: location
    tags: tags
    targetId: learning!.outputs.id
    groupId: 'amlworkspace'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.api.azureml.ms'
      'privatelink.notebooks.azure.net'
    ]
    zonesGroupId: zonesGroupId
  }
}

module modelsEndpoint '../modules/private-endpoint/main.bicep' = if (components.machineLearning) {
  scope: group
  params: {
    name: 'pep-models-${suffix}'
    location: location
    tags: tags
    targetId: modelRegistry!.outputs.id
    groupId: 'amlregistry'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.api.azureml.ms'
    ]
    zonesGroupId: zonesGroupId
  }
}

module storageEndpoint '../modules/private-endpoint/main.bicep' = {
  scope: group
  params: {
    name: 'pep-storage-${suffix}'
    location: location
    tags: tags
    targetId: storage.outputs.id
    groupId: 'blob'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.${blobHost}'
    ]
    zonesGroupId: zonesGroupId
  }
}

module vaultEndpoint '../modules/private-endpoint/main.bicep' = {
  scope: group
  params: {
    name: 'pep-vault-${suffix}'
    location: location
    tags: tags
    targetId: vault.outputs.id
    groupId: 'vault'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.vaultcore.azure.net'
    ]
    zonesGroupId: zonesGroupId
  }
}

module registryEndpoint '../modules/private-endpoint/main.bicep' = {
  scope: group
  params: {
    name: 'pep-registry-${suffix}'
    location: location
    tags: tags
    targetId: registry.outputs.id
    groupId: 'registry'
    subnetId: endpointsSubnetId
    zones: [
      'privatelink.azurecr.io'
    ]
    zonesGroupId: zonesGroupId
  }
}

module assignments '../modules/role-assignments/main.bicep' = {
  scope: group
  params: {
    components: components
    keepsRecords: keepsRecords
    evaluates: evaluates && components.app
    principals: {
      deploy: identities.outputs.deploy
      runtime: identities.outputs.runtime
      guardrail: identities.outputs.guardrail
      project: components.foundry
        ? {
            id: foundry!.outputs.projectId
            principalId: foundry!.outputs.projectPrincipalId
          }
        : null
      search: components.search
        ? {
            id: search!.outputs.id
            principalId: search!.outputs.principalId
          }
        : null
      workspace: identities.outputs.?workspace
      factory: components.dataFactory
        ? {
            id: factory!.outputs.id
            principalId: factory!.outputs.principalId
          }
        : null
      documents: components.documentIntelligence
        ? {
            id: documents!.outputs.id
            principalId: documents!.outputs.principalId
          }
        : null
      gateway: gateway
    }
    accountName: accountName
    searchName: searchName
    cosmosName: cosmosName
    documentsName: documentsName
    storageName: storageName
    vaultName: vaultName
    registryName: registryName
    insightsName: insightsName
    guardrailPublisherRoleId: guardrailPublisherRoleId
  }
  dependsOn: [
    cosmos
    insights
    registry
    storage
    vault
  ]
}

module pipelineReaders '../modules/role-assignment-subscription/main.bicep' = {
  params: {
    principals: [identities.outputs.plan, identities.outputs.deploy]
  }
}

module queryLogs '../modules/role-assignment-log-analytics/main.bicep' = if (components.foundry) {
  scope: resourceGroup(workspaceParts[2], workspaceParts[4])
  params: {
    workspaceName: workspaceParts[8]
    principal: {
      id: foundry!.outputs.projectId
      principalId: foundry!.outputs.projectPrincipalId
    }
    reason: 'evaluations read their traces'
  }
}

module agents '../modules/agents/main.bicep' = if (components.agents) {
  scope: group
  params: {
    accountName: accountName
    projectName: 'proj-${projectName}'
    connections: {
      threads: 'threads'
      files: 'files'
      vectors: 'search'
    }
  }
  dependsOn: [
    assignments
    cosmosEndpoint
    foundry
    foundryEndpoint
    searchEndpoint
    storageEndpoint
  ]
}

module hosting '../modules/container-apps/main.bicep' = if (components.app) {
  scope: group
  params: {
    name: 'cae-${suffix}'
    appName: appName
    location: location
    tags: tags
    profile: profile
    subnetId: appSubnetId
    application: application
    signIn: signIn
    identityId: identities.outputs.runtime.id
    toolIdentityIds: empty(toolIdentities) ? [] : tools!.outputs.ids
    registryServer: '${registryName}${environment().suffixes.acrLoginServer}'
    settings: union(
      handedOver,
      {
        PROVIDER: 'azure'
        AZURE_CLIENT_ID: identities.outputs.runtimeClientId
      },
      toolSettings
    )
    workspaceId: workspaceId
  }
  dependsOn: [
    assignments
    logKey
    registryEndpoint
  ]
}

module appDnsZone '../modules/app-dns-zone/main.bicep' = if (components.app && appZone != null) {
  scope: group
  params: {
    domain: appZone.?domain ?? 'none.invalid'
    address: hosting!.outputs.address
    tags: tags
    networkIds: appZone.?networkIds ?? [first(split(appSubnetId, '/subnets/'))]
  }
}

module learning '../modules/machine-learning/main.bicep' = if (components.machineLearning) {
  scope: group
  params: {
    name: learningName
    displayName: displayName
    suffix: learningSuffix
    location: location
    tags: tags
    profile: profile
    machineLearning: machineLearning
    workspaceIdentityId: identities.outputs.?workspace.?id ?? ''
    runtimeIdentityId: identities.outputs.runtime.id
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
    registryId: registry.outputs.id
    insightsId: insights.outputs.id
    encryptionKey: customerKey
      ? {
          vaultUri: encryptionKey!.outputs.vaultUri
          name: encryptionKey!.outputs.name
          version: encryptionKey!.outputs.version
          vaultId: vault.outputs.id
          identityId: identities.outputs.?encryption.?id ?? ''
          clientId: identities.outputs.?encryptionClientId ?? ''
        }
      : null
    workspaceId: workspaceId
  }
  dependsOn: [
    assignments
  ]
}

module modelRegistry '../modules/machine-learning-registry/main.bicep' = if (components.machineLearning) {
  scope: group
  params: {
    name: registryOfModels
    location: location
    workspaceId: workspaceId
    tags: tags
  }
}

var providersId = '${subscription().id}/resourceGroups/rg-${suffix}/providers'
var learningId = '${providersId}/Microsoft.MachineLearningServices/workspaces/${learningName}'

module alertRules '../modules/alerts/main.bicep' = if (!empty(alerts)) {
  scope: group
  params: {
    suffix: suffix
    location: platform.?workspaceLocation ?? location
    tags: tags
    alerts: alerts
    targets: union(
      {
        vault: '${providersId}/Microsoft.KeyVault/vaults/${vaultName}'
        storage: '${providersId}/Microsoft.Storage/storageAccounts/${storageName}'
      },
      components.foundry ? { foundry: '${providersId}/Microsoft.CognitiveServices/accounts/${accountName}' } : {},
      components.search ? { search: '${providersId}/Microsoft.Search/searchServices/${searchName}' } : {},
      components.agents ? { cosmos: '${providersId}/Microsoft.DocumentDB/databaseAccounts/${cosmosName}' } : {},
      components.app && application != null ? { app: '${providersId}/Microsoft.App/containerApps/${appName}' } : {},
      components.documentIntelligence
        ? { documents: '${providersId}/Microsoft.CognitiveServices/accounts/${documentsName}' }
        : {},
      components.machineLearning
        ? { workspace: learningId, endpoint: '${learningId}/onlineEndpoints/score-${learningSuffix}' }
        : {},
      components.dataFactory ? { factory: '${providersId}/Microsoft.DataFactory/factories/${factoryName}' } : {}
    )
    appName: appName
    actionGroups: actionGroups
    workspaceId: workspaceId
  }
  dependsOn: [
    cosmos
    documents
    factory
    foundry
    hosting
    learning
    search
    storage
    vault
  ]
}

module lock '../modules/lock/main.bicep' = if (profile == 'strict') {
  scope: group
  params: {
    notes: 'The project ${projectName} runs here.'
  }
  dependsOn: [
    agents
    alertRules
    appDnsZone
    assignments
    cosmosEndpoint
    documentsEndpoint
    factoryEndpoint
    foundryEndpoint
    hosting
    learningEndpoint
    modelsEndpoint
    registryEndpoint
    searchEndpoint
    storageEndpoint
    vaultEndpoint
  ]
}

module identityLock '../modules/lock/main.bicep' = if (profile == 'strict') {
  scope: identityGroup
  params: {
    notes: 'The project ${projectName} runs as these identities.'
  }
  dependsOn: [
    identities
  ]
}

@description('Name of the resource group.')
output resourceGroup string = group.name

@description('What the project\'s code asks for, by the names of .env.example.')
output settings object = union(handedOver, toolSettings)

@description('Address of the Foundry project.')
output projectEndpoint string? = components.foundry ? projectUrl : null

@description('Address of the search service.')
output searchEndpoint string? = components.search ? searchUrl : null

@description('Name of the storage account.')
output storageAccount string = storageName

@description('Resource id of the identity the application runs as.')
output runtimeIdentityId string = identities.outputs.runtime.id

@description('Name of the container registry.')
output containerRegistry string = registryName

@description('Name of the application in Container Apps, whether it was released yet or not.')
output containerApp string? = components.app ? appName : null

@description('Domain of the Container Apps environment.')
output appDomain string? = components.app ? hosting!.outputs.domain : null

@description('Name of the Machine Learning workspace.')
output machineLearningWorkspace string? = components.machineLearning ? learningName : null

@description('Name of the Machine Learning registry, which models are promoted to.')
output modelRegistry string? = components.machineLearning ? registryOfModels : null

@description('Resource id of the Foundry account.')
output foundryAccount string? = components.foundry ? foundry!.outputs.id : null
