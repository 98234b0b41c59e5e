module m '../parts/template.json' = {
  name: 'm'
  params: { p: 'x' }
}
output o string = m.outputs.o
