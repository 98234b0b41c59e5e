param id string = newGuid()
param now string = utcNow('yyyy-MM-dd')
output x string = '${id}${now}'
