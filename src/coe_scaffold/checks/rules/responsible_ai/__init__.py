"""Guardrails of the category responsible-ai."""
