"""The files of the demo: portraits, and specimens of the papers that people hand in."""

from collections.abc import Mapping

from accounts.models import User
from config.shared.seeding import Seed


def add_pictures(seed: Seed, named: Mapping[str, User]) -> None:
    """Draw what is missing and hang it up where it belongs."""
