"""Text of coe.yaml and project.yaml to settings; every problem at once, with file, line and column."""
