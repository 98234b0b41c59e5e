@secure()
param key string
@secure()
output key string = key
output open string = 'o'
