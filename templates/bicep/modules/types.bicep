// Types and tables that the templates share. Import what you need; nothing here deploys anything.

@export()
@description('How strict an environment is: standard for development and test, strict for production (zone redundancy, replicas, delete locks, outbound restrictions, all Defender plans).')
type profileType = 'standard' | 'strict'

@export()
@description('Tags by name.')
type tagsType = {
  *: string
}

@export()
@description('Where the network stands: standalone on its own; hub with the firewall that others go through; spoke peered with such a hub.')
type topologyType = 'standalone' | 'hub' | 'spoke'

@export()
@description('How traffic leaves: none is dropped; nat reaches Azure services that applications need, from one address; firewall goes through a firewall.')
type egressType = 'none' | 'nat' | 'firewall'

@export()
@description('The virtual network: ranges, egress, and how it is connected.')
type networkType = {
  @description('Where the network stands.')
  topology: topologyType

  @description('How traffic leaves. A hub has a firewall of its own.')
  egress: egressType

  @description('Address range of the virtual network, in CIDR notation.')
  addressPrefix: string

  @description('Range of the subnet that holds private endpoints.')
  endpointsPrefix: string

  @description('A range of at least 128 addresses for each project, by the number of its subnets: the first half for applications, the second for agents.')
  projectPrefixes: string[]

  @description('Range of at least 256 addresses for services of the network itself; a hub, Bastion and the AI gateway need it.')
  servicePrefix: string?

  @description('Private IP address of the firewall that outbound traffic goes through; egress through a firewall needs it, except in a hub, which has its own.')
  firewallAddress: string?

  @description('Host names that the hub\'s firewall lets through, besides what applications need of Azure.')
  allowedHosts: string[]?

  @description('Whether administrators reach machines in the network through Bastion.')
  bastion: bool

  @description('Public address ranges that administrators reach Bastion from; from anywhere, after signing in, when left out.')
  @minLength(1)
  bastionSources: string[]?

  @description('Resource id of the hub\'s virtual network that a spoke is peered with; a spoke needs it.')
  hubNetworkId: string?

  @description('DNS servers, such as the firewall of the hub; Azure\'s own when left out.')
  dnsServers: string[]?

  @description('A virtual network that exists already; nothing of the network is created then, and an AI gateway needs a subnet snet-gateway in it.')
  existing: existingNetworkType?
}

@export()
@description('A virtual network that exists already.')
type existingNetworkType = {
  @description('Resource id of the virtual network.')
  id: string

  @description('Name of its subnet that holds private endpoints.')
  endpointsSubnet: string
}

@export()
@description('Where private DNS zones are.')
type dnsType = {
  @description('Resource id of the resource group that holds the zones already; they are created here when left out.')
  zonesGroupId: string?
}

@export()
@description('How logs are kept.')
type monitoringType = {
  @description('Days that logs are kept; high-risk systems need at least six months.')
  @minValue(180)
  @maxValue(730)
  retentionDays: int

  @description('Ceiling of ingestion per day in GB; -1 means none.')
  dailyQuotaGb: int

  @description('Resource id of a workspace that exists already; one is created when left out.')
  workspaceId: string?

  @description('Azure\'s initiative that asks every resource of the subscription for its logs, also those that others made; not assigned when left out.')
  initiative: logInitiativeType?
}

@export()
@description('Which logs Azure\'s initiative asks for. Resources of these templates send allLogs.')
@discriminator('logs')
type logInitiativeType = allLogsInitiativeType | auditLogsInitiativeType

@export()
@description('Everything that a resource logs.')
type allLogsInitiativeType = {
  @description('The category group.')
  logs: 'allLogs'

  @description('AuditIfNotExists reports resources without logs; DeployIfNotExists gives them a diagnostic setting, with an identity that is Log Analytics Contributor.')
  effect: 'AuditIfNotExists' | 'DeployIfNotExists'
}

@export()
@description('What a resource logs of access and changes. It reports resources that send more, so it suits subscriptions with resources of others; deploying it would take logs away.')
type auditLogsInitiativeType = {
  @description('The category group.')
  logs: 'audit'

  @description('Reports resources without these logs.')
  effect: 'AuditIfNotExists'
}

@export()
@description('Monthly budget of the subscription.')
type budgetType = {
  @description('Amount per month in the billing currency of the subscription.')
  @minValue(1)
  amount: int

  @description('First month that counts, as yyyy-MM-01; the month of the first deployment when left out.')
  startDate: string?
}

@export()
@description('Somebody who is told.')
type receiverType = {
  @description('Name of the receiver, unique in its action group.')
  name: string

  @description('Mail address.')
  email: string
}

@export()
@description('Who is told what.')
type contactsType = {
  @description('Receivers of budget alerts.')
  budget: receiverType[]

  @description('Receivers of incident alerts.')
  incident: receiverType[]

  @description('Mail addresses for Defender for Cloud.')
  security: string[]

  @description('The functions of the centre of excellence that get an action group of their own.')
  functions: functionContactType[]
}

@export()
@description('A function of the centre of excellence, and who fills it.')
type functionContactType = {
  @description('Id of the function, such as mlops-engineer.')
  id: string

  @description('Who is told.')
  receivers: receiverType[]
}

@export()
@description('What a platform may have besides.')
type optionsType = {
  @description('Managed Grafana for dashboards.')
  grafana: bool

  @description('A container registry that all projects of the environment share.')
  sharedRegistry: bool

  @description('Logs and queries go through a private link scope.')
  privateLinkScope: bool
}

@export()
@description('When an alert rule fires, how urgent that is, and who is told.')
type alertType = {
  @description('It fires beyond this value, in the unit of its rule.')
  @minValue(0)
  threshold: int

  @description('How long the time is that it looks at.')
  window: 'PT5M' | 'PT15M' | 'PT30M' | 'PT1H' | 'PT6H' | 'P1D'

  @description('0 critical, 1 error, 2 warning, 3 informational, 4 verbose.')
  @minValue(0)
  @maxValue(4)
  severity: int

  @description('Whose action groups of the platform are told: ids of functions, incident or budget.')
  tells: string[]
}

@export()
@description('The alert rules of a project, each with what it takes to fire; a rule that is left out is not made, and neither is one whose resource the project does not have.')
type alertsType = {
  @description('Calls that a model answered with 429, too many requests.')
  modelThrottled: alertType?

  @description('Percent of the calls that a model did not answer with a server error; it fires below.')
  modelUnavailable: alertType?

  @description('Milliseconds until a model begins its answer, on average.')
  modelSlow: alertType?

  @description('Calls that the content filter blocked.')
  contentBlocked: alertType?

  @description('Tokens that all models of the project read and wrote.')
  tokensUsed: alertType?

  @description('Percent of the queries that the search service refused.')
  searchThrottled: alertType?

  @description('Seconds that a query of the search service takes, on average.')
  searchSlow: alertType?

  @description('Requests that the application answered with 5xx.')
  appFailing: alertType?

  @description('Milliseconds until the application answers, on average.')
  appSlow: alertType?

  @description('Times that a replica of the application was started again.')
  appRestarting: alertType?

  @description('Requests that Cosmos DB answered with 429, throughput used up.')
  stateThrottled: alertType?

  @description('Calls that Document Intelligence answered with 5xx.')
  documentsFailing: alertType?

  @description('Calls that Document Intelligence refused as too many.')
  documentsThrottled: alertType?

  @description('Jobs of Machine Learning that failed.')
  jobsFailed: alertType?

  @description('Requests per minute that the online endpoint answered with 5xx, on average.')
  endpointFailing: alertType?

  @description('Milliseconds in which the online endpoint answers 95 of 100 requests.')
  endpointSlow: alertType?

  @description('Pipeline runs of the data factory that failed.')
  flowsFailed: alertType?

  @description('Percent of the requests that the key vault answered; it fires below.')
  vaultUnavailable: alertType?

  @description('Percent of the requests that the storage account answered; it fires below.')
  storageUnavailable: alertType?

  @description('Answers for which passages were withheld after search.')
  accessWithheld: alertType?

  @description('Lines of the log about text that tried to give orders.')
  injectionFound: alertType?

  @description('Questions, tasks and answers that were refused as unsafe.')
  contentUnsafe: alertType?

  @description('Runs that ended at a limit.')
  limitsReached: alertType?
}

@export()
@description('A model and how it is deployed.')
type modelDeploymentType = {
  @description('Name of the deployment; what applications ask for.')
  name: string

  @description('Publisher format of the model, such as OpenAI.')
  format: string

  @description('Name of the model in the catalogue.')
  model: string

  @description('Version of the model; pinned, so that evaluation results stay valid.')
  version: string

  @description('Where prompts may be processed: Standard in the region, DataZoneStandard in the data zone, GlobalStandard anywhere.')
  sku: string

  @description('Thousands of tokens per minute.')
  @minValue(1)
  capacity: int
}

@export()
@description('The GitHub repository whose pipelines deploy.')
type repositoryType = {
  @description('Owner: organisation or user; owner@id where the organisation uses immutable subjects.')
  owner: string

  @description('Name of the repository; name@id where the organisation uses immutable subjects.')
  name: string

  @description('Of Azure DevOps; without it the repository is one of GitHub.')
  serviceConnections: serviceConnectionsType?
}

@export()
@description('How service connections of Azure DevOps sign in. Where a subject is not known yet, there is no credential.')
type serviceConnectionsType = {
  @description('Who issues their tokens: https://login.microsoftonline.com/<tenant>/v2.0 or https://vstoken.dev.azure.com/<organisation id>.')
  issuer: string?

  @description('Subject of the connection that plans.')
  plan: string?

  @description('Subject of the connection that deploys.')
  deploy: string?

  @description('Subject of the connection that changes content filters.')
  guardrail: string?
}

@export()
@description('A managed identity that receives roles.')
type principalType = {
  @description('Resource id of the identity, or of the resource whose system-assigned identity it is; names the assignment.')
  id: string

  @description('Object id of the identity in Microsoft Entra ID.')
  principalId: string
}

@export()
@description('The managed identities of a project; those of components that it does not have are left out.')
type principalsType = {
  @description('Deploys.')
  deploy: principalType

  @description('The running application.')
  runtime: principalType

  @description('Changes content filters.')
  guardrail: principalType

  @description('The Foundry project.')
  project: principalType?

  @description('The search service.')
  search: principalType?

  @description('The Machine Learning workspace.')
  workspace: principalType?

  @description('The data factory.')
  factory: principalType?

  @description('The Document Intelligence account.')
  documents: principalType?

  @description('The AI gateway.')
  gateway: principalType?
}

@export()
@description('What a project is made of, besides its identities, storage, key vault, container registry and Application Insights.')
type componentsType = {
  @description('A Foundry account and project, with models and a content filter.')
  foundry: bool

  @description('A search service.')
  search: bool

  @description('Agents that keep their state in Cosmos DB, storage and search of the project; needs foundry and search.')
  agents: bool

  @description('A Container Apps environment, and the application in it.')
  app: bool

  @description('A Machine Learning workspace with registry, cluster and endpoints.')
  machineLearning: bool

  @description('A data factory.')
  dataFactory: bool

  @description('A Document Intelligence account.')
  documentIntelligence: bool
}

@export()
@description('The application that runs in Container Apps.')
type applicationType = {
  @description('Image, as registry/repository:tag or better with a digest; all traffic goes to it. Left out, what runs stays as releases left it: the image, and each revision with its share of the traffic.')
  image: string?

  @description('Port it listens on; 8000 when left out.')
  @minValue(1)
  @maxValue(65535)
  port: int?

  @description('Most replicas at a time; 3 when left out.')
  @minValue(2)
  @maxValue(100)
  maxReplicas: int?
}

@export()
@description('How people sign in to the application: with an app registration of Microsoft Entra ID that issues ID tokens and group claims. It has no secret.')
type signInType = {
  @description('Application (client) id of the app registration.')
  @minLength(36)
  @maxLength(36)
  clientId: string
}

@export()
@description('The private DNS zone of the application. Azure chooses its domain when it makes the Container Apps environment, and the output appDomain of the first deployment tells it.')
type appZoneType = {
  @description('Domain of the environment: output appDomain.')
  domain: string

  @description('Resource ids of the virtual networks that resolve the zone, such as that of a hub whose DNS server answers; the network of the environment when left out.')
  networkIds: string[]?
}

@export()
@description('A key of the project\'s own vault, and the identity that may use it.')
type encryptionKeyType = {
  @description('Address of the vault.')
  vaultUri: string

  @description('Name of the key.')
  name: string

  @description('Address of one version of the key.')
  version: string

  @description('Resource id of the key vault.')
  vaultId: string

  @description('Resource id of the managed identity that uses the key.')
  identityId: string

  @description('Client id of that identity.')
  clientId: string
}

@export()
@description('Size of a Machine Learning cluster.')
type machineLearningType = {
  @description('Size of its nodes.')
  vmSize: string

  @description('Most nodes at a time; without jobs there are none.')
  @minValue(1)
  @maxValue(100)
  maxNodes: int
}

@export()
@description('Where a project finds what its environment shares; what is left out is found by the names that the platform template gives.')
type platformReferenceType = {
  @description('Number of the subnets of the project, from 1; no other project of the environment may have it.')
  @minValue(1)
  @maxValue(64)
  slot: int

  @description('Resource id of the Log Analytics workspace.')
  workspaceId: string?

  @description('Region of that workspace, where it is another; alert rules on logs are made there.')
  workspaceLocation: string?

  @description('Resource id of the resource group that holds the private DNS zones.')
  zonesGroupId: string?

  @description('Resource id of the subnet for private endpoints.')
  endpointsSubnetId: string?

  @description('Resource id of the subnet for the application.')
  appSubnetId: string?

  @description('Resource id of the subnet for agents.')
  agentsSubnetId: string?

  @description('Resource ids of action groups by who is told, such as mlops-engineer or incident; {} where nobody is told.')
  actionGroupIds: tagsType?
}

@export()
@description('Where agents of a Foundry account run and keep their state.')
type agentsType = {
  @description('Resource id of the subnet; no other account may use it.')
  subnetId: string

  @description('Name of the Cosmos DB account.')
  cosmosName: string

  @description('Name of the storage account.')
  storageName: string
}

@export()
@description('The AI gateway before the models of projects.')
type gatewayType = {
  @description('Who publishes; shown to developers.')
  publisherName: string

  @description('Mail address of the publisher; told about the service.')
  publisherEmail: string

  @description('Whether the public address is closed. Azure creates gateways with one only: say false for the deployment that creates it, true from then on.')
  closed: bool

  @description('Projects whose models are behind the gateway.')
  projects: gatewayProjectType[]

  @description('Answers to similar prompts come from a cache; off when left out. It needs an external cache that is set up for the gateway.')
  semanticCache: semanticCacheType?
}

@export()
@description('A project behind the AI gateway.')
type gatewayProjectType = {
  @description('Name of the project; path of its API, and its product.')
  name: string

  @description('Address of its Foundry account, such as https://name.cognitiveservices.azure.com.')
  endpoint: string

  @description('Client ids of the applications and managed identities that may call.')
  clientIds: string[]

  @description('Tokens per minute that all callers of the project share.')
  @minValue(1)
  tokensPerMinute: int
}

@export()
@description('The cache of answers to similar prompts.')
type semanticCacheType = {
  @description('Address of the embeddings deployment that compares prompts.')
  embeddingsUrl: string

  @description('How near a prompt must be, as a decimal between 0 and 1.')
  scoreThreshold: string

  @description('Seconds that an answer is kept.')
  @minValue(1)
  seconds: int
}

@export()
@description('A role that no built-in role can stand in for.')
type customRoleType = {
  @description('Name of the role; its GUID follows from it.')
  name: string

  @description('What the role is for.')
  description: string

  @description('Actions that it allows.')
  actions: string[]

  @description('Actions that it takes away again.')
  notActions: string[]

  @description('Actions on data that it allows.')
  dataActions: string[]

  @description('Actions on data that it takes away again.')
  notDataActions: string[]
}

@export()
@description('What model deployments may be, and what happens to others.')
type modelRulesType = {
  @description('Deny refuses what breaks a rule; Audit reports it.')
  effect: 'Audit' | 'Deny' | 'Disabled'

  @description('Deployment types; they decide where prompts are processed.')
  deploymentTypes: string[]

  @description('Most units of capacity of one deployment.')
  @minValue(1)
  capacityCeiling: int

  @description('Models as name:version.')
  models: string[]

  @description('How versions may be upgraded.')
  upgradeOptions: ('NoAutoUpgrade' | 'OnceCurrentVersionExpired' | 'OnceNewDefaultVersionAvailable')[]

  @description('Content filters that nobody in the organisation reviewed.')
  refusedFilters: string[]
}

@export()
@description('What an initiative does about a resource that does not comply: Audit reports it, Deny refuses it.')
type initiativeEffectType = 'Audit' | 'Deny'

@export()
@description('Built-in initiatives of Azure for the management group; one that is left out is not assigned.')
type initiativesType = {
  @description('Data at rest is encrypted with keys of your own. Foundry accounts count, which Azure leaves out. What the templates cannot encrypt so is reported even where the rest is denied.')
  customerKeys: initiativeEffectType?

  @description('Data stays in allowedLocations: resources, replicas of Cosmos DB, maps, replication of storage to other tenants. Data locations of Communication Services are reported only, since they are no regions.')
  residency: initiativeEffectType?

  @description('Managed identities trust nobody but the pipelines named here.')
  federation: federationInitiativeType?
}

@export()
@description('Whose tokens managed identities may trust.')
type federationInitiativeType = {
  @description('What happens to other federated credentials.')
  effect: initiativeEffectType

  @description('Owners of GitHub repositories; owner@id too where the organisation uses immutable subjects. Empty means that GitHub is not trusted.')
  gitHubOwners: string[]

  @description('Other issuers, such as that of Azure DevOps: https://login.microsoftonline.com/<tenant>/v2.0.')
  issuers: string[]
}

@export()
@description('An exception to a policy that ends.')
type exemptionType = {
  @description('Id of the guardrail.')
  guardrail: 'deploy-sku-residency' | 'deploy-capacity-ceiling' | 'deploy-upgrade-option' | 'deploy-rai-policy-bound' | 'deploy-approved-models'

  @description('GUID of the subscription.')
  subscription: string

  @description('Name of the resource group, when it is about that one only; it must exist.')
  resourceGroup: string?

  @description('Why.')
  reason: string

  @description('Function that granted it.')
  approver: string

  @description('When it ends, as yyyy-MM-dd.')
  expires: string
}

@export()
@description('Short names of Azure regions, for resource names.')
var regionCodes = {
  australiaeast: 'ae'
  brazilsouth: 'brs'
  canadacentral: 'cnc'
  canadaeast: 'cne'
  centralus: 'cus'
  eastus: 'eus'
  eastus2: 'eus2'
  francecentral: 'frc'
  germanywestcentral: 'gwc'
  italynorth: 'itn'
  japaneast: 'jpe'
  koreacentral: 'krc'
  northcentralus: 'ncus'
  northeurope: 'ne'
  norwayeast: 'nwe'
  polandcentral: 'plc'
  southafricanorth: 'san'
  southcentralus: 'scus'
  southeastasia: 'sea'
  southindia: 'ins'
  spaincentral: 'spc'
  swedencentral: 'sdc'
  switzerlandnorth: 'szn'
  uaenorth: 'uan'
  uksouth: 'uks'
  westeurope: 'weu'
  westus: 'wus'
  westus2: 'wus2'
  westus3: 'wus3'
}

// The group audit is part of allLogs. Built-in policies of Azure look for both, and deploy a second setting
// to the same workspace, which Azure refuses, where one is not there.
@export()
@description('Everything that a resource with the category groups allLogs and audit logs.')
var everyLog = [
  {
    categoryGroup: 'audit'
    enabled: false
  }
  {
    categoryGroup: 'allLogs'
    enabled: true
  }
]
