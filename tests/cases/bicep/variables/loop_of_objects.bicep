param regions array = ['westeurope', 'northeurope']
var plans = [for (region, i) in regions: {
  name: 'plan-${region}'
  rank: i + 1
  main: i == 0
}]
var first = plans[0].name
output names array = map(plans, plan => plan.name)
output first string = first
