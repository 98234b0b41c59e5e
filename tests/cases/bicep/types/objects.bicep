type thing = {
  @description('Its name.')
  @minLength(1)
  name: string
  size: int?
  'odd key': bool
  inner: { deep: string[] }
  *: string
}
param a thing
