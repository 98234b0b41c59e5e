"""One function per verb; takes settings and ports, returns data."""
