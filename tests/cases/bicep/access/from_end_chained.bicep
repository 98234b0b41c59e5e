param o object
output x object = o.?a[^1].b
