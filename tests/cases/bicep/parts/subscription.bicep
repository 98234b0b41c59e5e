targetScope = 'subscription'
param name string = 'x'
output name string = name
