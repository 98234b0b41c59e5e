var data = loadYamlContent('../parts/data.yaml')
