"""Guardrails of the category cost."""
