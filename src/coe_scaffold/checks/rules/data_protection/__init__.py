"""Guardrails of the category data-protection."""
