"""One guardrail, one file."""
