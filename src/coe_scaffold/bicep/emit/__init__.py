"""Bound program to ARM JSON."""
