param a int
param b int
output all array = [a < b, a <= b, a > b, a >= b, a == b, a != b]
