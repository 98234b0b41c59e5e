output x object = {
  group: resourceGroup('other')
  here: resourceGroup().name
  sub: subscription('x')
}
