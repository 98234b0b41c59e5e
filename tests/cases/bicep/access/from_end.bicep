param a array
output all array = [a[^1], a[?^2]]
