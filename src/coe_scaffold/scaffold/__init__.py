"""Answers and packaged templates to trees of files; nothing here writes into a user's folder."""
