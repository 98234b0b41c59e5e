param x string
var one = $'''
a ${x} b'''
var two = $$'''a ${x} $${x}'''
