param name string
param size int = 1
param tags object = {}
param zone string?
output id string = name
output size int = size
