"""Guardrails of the category threat-protection."""
