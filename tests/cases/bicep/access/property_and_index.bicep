param o object
param a array
param k string
output all array = [o.p, o.p.q, o['p'], o['odd-name'], o[k], a[0], a[length(a) - 1]]
