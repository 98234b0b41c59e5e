param names string[]
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = [for n in names: { name: n }]
resource t 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 't'
  properties: { x: s[1].properties.y }
}
output keys array = [for (n, i) in names: s[i].listKeys().keys[0].value]
