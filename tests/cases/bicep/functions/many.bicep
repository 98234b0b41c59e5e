param s string
param a array
param o object
output all array = [
  base64(s)
  concat(s, 'x')
  empty(a)
  format('{0}-{1}', s, 1)
  guid(s)
  indexOf(s, 'x')
  items(o)
  join(a, ',')
  objectKeys(o)
  padLeft(s, 5, '0')
  range(0, 3)
  take(a, 2)
  uniqueString(s)
]
