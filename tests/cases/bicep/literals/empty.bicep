var a = []
var o = {}
output oa array = concat([], a)
output oo object = union({}, o)
