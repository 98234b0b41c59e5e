var direct = loadTextContent('../parts/text.txt')
output o string = loadTextContent('../parts/text.txt')
