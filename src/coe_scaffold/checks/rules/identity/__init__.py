"""Guardrails of the category identity."""
