"""The back office's pages of reports."""
