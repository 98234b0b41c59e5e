var text = '''
first
  second'''
var quotes = '''it's ''quoted'' here'''
var one = '''one'''
