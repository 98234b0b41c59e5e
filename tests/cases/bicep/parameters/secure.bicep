@secure()
param key string
@secure()
param settings object
@sys.secure()
@sys.description('Qualified.')
param other string
