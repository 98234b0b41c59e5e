var n = 'v${1}-${true}'
