"""Guardrails judged on evaluated resources; pure."""
