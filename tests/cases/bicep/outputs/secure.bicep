@secure()
param k string
@secure()
output k string = k
