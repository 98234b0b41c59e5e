"""(desired, observed) to a plan; no clock, no network, no environment."""
