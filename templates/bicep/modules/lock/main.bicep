metadata name = 'Delete lock'
metadata description = 'Keeps everything in a resource group from being deleted.'

@description('Why the lock is there.')
param notes string

resource lock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'lock-delete'
  properties: {
    level: 'CanNotDelete'
    notes: notes
  }
}

@description('Resource id of the lock.')
output id string = lock.id
