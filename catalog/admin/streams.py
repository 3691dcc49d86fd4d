"""The back office's pages of streams."""
