"""Frozen values that every layer speaks in; no input or output happens here."""
