"""Guardrails of the category privacy."""
