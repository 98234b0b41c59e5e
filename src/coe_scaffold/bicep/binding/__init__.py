"""Syntax tree to symbols."""
