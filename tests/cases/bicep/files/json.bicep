var data = loadJsonContent('../parts/data.json')
var part = loadJsonContent('../parts/data.json', 'list[2].deep')
output name string = data.name
