"""The back office's pages of reviews."""
