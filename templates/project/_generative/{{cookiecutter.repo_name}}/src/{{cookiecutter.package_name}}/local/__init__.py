"""Stand-ins that run anywhere: same input, same output, nothing downloaded."""
