"""Guardrails of the category network."""
