"""Answers to a tree of files; nothing here writes to the disk of a user."""
