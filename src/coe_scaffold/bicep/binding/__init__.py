"""Names to symbols: declarations, scopes, modules, imports and files."""
