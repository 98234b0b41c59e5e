"""The machine ``coe`` runs on: disk, git, the official bicep CLI when present."""
