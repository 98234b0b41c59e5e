var small = 5
var negative = -7
var big = 4294967296
output inside array = [big, 4294967296, -3]
output expression int = 1 + 4294967296
