@export()
@description('How big.')
type size = 'small' | 'large'
type hidden = { size: size }
@export()
type box = { inner: hidden, count: int }
var base = 'base'
@export()
@description('A prefix.')
var prefix = '${base}-x'
@export()
var many = [for i in range(0, 3): i * 2]
@export()
@description('Joins.')
func join2(a string, b string) string => '${a}-${b}'
@export()
func twice(a string) string => join2(a, a)
