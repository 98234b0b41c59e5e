"""The embedded local ARM: a real HTTP server on loopback for the unmodified Azure SDK."""
