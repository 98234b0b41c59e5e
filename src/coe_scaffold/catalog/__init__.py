"""Shipped data and its typed loaders; every row carries its source."""
