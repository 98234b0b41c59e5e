"""Stand-ins that run anywhere: files instead of services."""
