output x string = cidrSubnet('10.0.0.0/16', 24, 2)
output y object = parseCidr('10.0.0.0/16')
