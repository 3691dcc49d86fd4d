"""The back office's pages of conversations."""
