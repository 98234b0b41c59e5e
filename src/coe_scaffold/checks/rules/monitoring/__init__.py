"""Guardrails of the category monitoring."""
