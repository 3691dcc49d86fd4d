"""The back office's pages of products."""
