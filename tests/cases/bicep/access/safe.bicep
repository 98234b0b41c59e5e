param o object
param a array
output all array = [o.?p, o.?p.q, o[?'p'], a[?0], (o.?p).q, o.?p.q[0].r]
