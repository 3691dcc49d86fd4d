"""The back office's pages of messaging."""

from messaging.admin import notifications

__all__ = ["notifications"]
