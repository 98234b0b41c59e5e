resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 's'
  location: 'global'
}
var keys = s.listKeys()
var blob = s.properties.primaryEndpoints.blob
var both = { k: keys.keys[0].value, b: blob }
var id = s.id
output o object = both
output p string = blob
output q string = id
