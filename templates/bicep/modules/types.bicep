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
@description('Address ranges of the virtual network.')
type networkType = {
  @description('Address range of the virtual network, in CIDR notation.')
  addressPrefix: string

  @description('Range of the subnet that holds private endpoints.')
  endpointsPrefix: string

  @description('Range of the subnet for applications; delegated to Container Apps environments.')
  appPrefix: string

  @description('Private IP address of the firewall that outbound traffic goes through; without it outbound internet traffic is dropped.')
  firewallAddress: string?
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
@description('The managed identities of a project.')
type principalsType = {
  @description('Reads for plans and drift.')
  plan: principalType

  @description('Deploys.')
  deploy: principalType

  @description('The running application.')
  runtime: principalType

  @description('Changes content filters.')
  guardrail: principalType

  @description('The Foundry project.')
  project: principalType

  @description('The search service.')
  search: principalType
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
