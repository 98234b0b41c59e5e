param o object
output x string = any(o.?a).b
output y string = o.?a!.b
