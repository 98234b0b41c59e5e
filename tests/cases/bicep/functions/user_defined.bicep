func greet(name string, polite bool?) string => polite ?? false ? 'Dear ${name}' : name
@description('Doubles.')
func double(n int) int => n * 2
output x string = greet('a', true)
output y int = double(double(2))
