"""Guardrails of the category governance."""
