module m '../parts/subscription.bicep' = {
  name: 'm'
  scope: subscription()
}
