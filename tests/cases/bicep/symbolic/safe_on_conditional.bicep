param on bool?
resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = if (on ?? false) { name: 's' }
output a string? = s.?properties.x
output b string? = s.?id
output c string? = s.?location
