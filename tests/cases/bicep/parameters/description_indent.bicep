@description('''
  First.
    Second.
  Third.
''')
param a string
