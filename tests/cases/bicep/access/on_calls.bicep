param a string
output x string = split(a, ',')[0]
output y string = resourceGroup().location
output z string = first(items({ k: 1 })).key
