"""Which Courtyard this is; the changelog and pyproject.toml name the same one (a test compares)."""

NAME = "Courtyard"
VERSION = "0.3.0"
