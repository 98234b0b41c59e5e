metadata name = 'Policy exemption of a resource group'
metadata description = 'Lets one resource group off some policies of an assignment until a date; who granted it and why is on record.'

@description('Name of the exemption.')
param name string

@description('Resource id of the assignment.')
param assignmentId string

@description('References of the policies.')
param references string[]

@description('Why, and who granted it.')
param reason string

@description('When it ends, as yyyy-MM-dd.')
param expires string

resource exemption 'Microsoft.Authorization/policyExemptions@2024-12-01-preview' = {
  name: name
  properties: {
    displayName: name
    description: reason
    exemptionCategory: 'Waiver'
    expiresOn: '${expires}T00:00:00Z'
    policyAssignmentId: assignmentId
    policyDefinitionReferenceIds: references
    assignmentScopeValidation: 'Default'
  }
}

@description('Resource id of the exemption.')
output id string = exemption.id
