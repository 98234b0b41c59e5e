param a array
output s string = 'x'
output i int = 1
output list array = [for x in a: x.name]
output typed string[] = ['a']
@description('Said.')
output said string = 'y'
