import { label, short } from '../parts/exports.json'
param s short
output o string = label
