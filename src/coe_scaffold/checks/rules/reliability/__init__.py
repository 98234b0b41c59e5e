"""Guardrails of the category reliability."""
