var found = loadJsonContent('../parts/data.json', '$.list[?(@.deep == true)].deep')
var every = loadJsonContent('../parts/data.json', '$.list[*]')
