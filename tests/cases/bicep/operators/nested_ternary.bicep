param tier string
param zones array
output sku string = tier == 'gold' ? 'P2v3' : tier == 'silver' ? 'P1v3' : 'B1'
output count int = empty(zones) ? 1 : length(zones) * 2
output negative int = -length(zones)
output text string = '${empty(zones) ? 'none' : '${zones[0]}-${tier}'}'
