"""What each kind of notification is about, so that people can choose channels for it."""

from collections.abc import Mapping

from messaging.choices import NotificationCategory

_CATEGORIES: dict[str, NotificationCategory] = {}


def register_categories(categories: Mapping[str, NotificationCategory]) -> None:
    """Say what messages (their names, see ``register_templates``) are about.

    Raises ``ValueError`` for a message that is about something else already.
    """
    for template, category in categories.items():
        if _CATEGORIES.setdefault(template, category) != category:
            raise ValueError(f"{template} is about {_CATEGORIES[template]} already.")


def category_of(template: str) -> NotificationCategory:
    """What the message named ``template`` is about."""
    return _CATEGORIES.get(template, NotificationCategory.COMMUNITY)


def has_category(template: str) -> bool:
    """Whether somebody has said what the message is about."""
    return template in _CATEGORIES
