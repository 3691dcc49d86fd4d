"""What the groups of staff may do with conversations: see that there are some, not what is said.

What people ask the staff is answered by support; everything else is read through a report alone.
"""

from collections.abc import Iterable, Mapping

from accounts.groups import SITE_ADMINISTRATION, SUPPORT

_SUPPORT = ("messaging.view_conversation", "messaging.answer_support")

GRANTS: Mapping[str, Iterable[str]] = {
    SUPPORT: _SUPPORT,
    SITE_ADMINISTRATION: (
        *_SUPPORT,
        "messaging.view_participant",
        "messaging.view_message",
        "messaging.view_readmark",
    ),
}
