"""The back office's pages of sales."""
