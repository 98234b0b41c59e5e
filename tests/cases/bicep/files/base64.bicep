var direct = loadFileAsBase64('../parts/text.txt')
output o string = loadFileAsBase64('../parts/text.txt')
