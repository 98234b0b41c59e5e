param a bool
param b bool
output all array = [a && b, a || b, !a, a && (b || !a)]
