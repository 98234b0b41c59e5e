@description('A name.')
@minLength(3)
@maxLength(10)
param name string
@minValue(1)
@maxValue(5)
param count int = 1
@allowed(['a', 'b'])
param choice string = 'a'
@metadata({ owner: 'x', level: 2 })
@description('With both.')
param both string = ''
