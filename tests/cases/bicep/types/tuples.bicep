param a [string, int]
type t = [
  @description('First.')
  string
  bool?
]
