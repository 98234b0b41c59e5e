"""A plan and ports to a journal of outcomes."""
