@export()
type kept = { a: string }
@export()
@description('Nice.')
var shown = 'x'
@export()
var typed string[] = ['x']
@export()
func shout(a string) string => toUpper(a)
