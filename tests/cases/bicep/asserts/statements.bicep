param location string
param copies int = 2
resource account 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'account'
  location: location
}
assert inEurope = startsWith(location, 'europe')
assert enough = copies >= 2 && copies < 10
assert always = true
output id string = account.id
