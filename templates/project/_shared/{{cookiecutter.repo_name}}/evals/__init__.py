"""Evaluation: golden and red-team cases, deterministic metrics, a gate, reports."""
