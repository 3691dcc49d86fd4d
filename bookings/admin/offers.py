"""The back office's pages of offers."""
