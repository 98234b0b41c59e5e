param a int
output x bool = a + 2 * 3 > 4 && a - 1 - 1 == 0 || !(a < 1)
