param k string
var o = {
  plain: 1
  'quoted key': 2
  '${k}': 3
  copy: 4
  '[odd]': 5
}
