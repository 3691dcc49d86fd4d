"""The back office's pages of live events."""
