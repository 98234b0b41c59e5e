"""Guardrails of the category model-governance."""
