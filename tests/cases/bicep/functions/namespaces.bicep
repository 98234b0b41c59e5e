param a string
output x string = sys.toLower(a)
output y string = az.resourceGroup().id
output z string = az.subscription().subscriptionId
