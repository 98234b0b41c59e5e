"""Guardrails of the category data-residency."""
