"""Bound files to ARM JSON."""
