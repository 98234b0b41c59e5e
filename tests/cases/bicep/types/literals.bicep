type one = 'one'
type two = 2
type no = false
type minus = -5
param a one
