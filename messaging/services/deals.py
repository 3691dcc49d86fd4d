"""Whether people have a deal: from then on they need not be warned of each other's details.

The app that knows deals registers its function in ``AppConfig.ready``.
"""

from collections.abc import Callable

from messaging.models import Conversation

HasDeal = Callable[[Conversation], bool]

_functions: list[HasDeal] = []


def register_deals(function: HasDeal) -> None:
    """Have ``function`` asked, once however often it is registered."""
    if function not in _functions:
        _functions.append(function)


def has_deal(conversation: Conversation) -> bool:
    """Whether those who talk have a paid deal about what they talk about."""
    return any(function(conversation) for function in _functions)
