param a int
param b int
output x int = (a + b) * 2
output y int = a - (b - 1)
output z bool = !(a > b || a == b) && (b != 0)
output w int = -(a)
