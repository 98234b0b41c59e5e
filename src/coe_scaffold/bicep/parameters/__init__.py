"""Parameter files: their expressions evaluated while compiling."""
