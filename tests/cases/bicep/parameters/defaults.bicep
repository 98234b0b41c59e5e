param s string = 'x'
param i int = -1
param o object = { a: [1, { b: s }] }
param location string = resourceGroup().location
