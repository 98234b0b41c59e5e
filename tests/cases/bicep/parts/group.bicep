targetScope = 'managementGroup'
output x string = managementGroup().id
