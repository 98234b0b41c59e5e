"""Guardrails of the category encryption."""
