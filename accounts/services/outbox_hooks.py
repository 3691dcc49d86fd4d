"""What a higher app is asked about messages, and what it is told of them."""

from collections.abc import Callable

from accounts.models import OutgoingMessage

Result = Callable[[OutgoingMessage, str, str], None]
Wanted = Callable[[OutgoingMessage], bool]
Link = Callable[[OutgoingMessage], str]

_results: list[Result] = []
_wanted: list[Wanted] = []
_links: list[Link] = []


def register_messenger(*, result: Result, wanted: Wanted, unsubscribe_link: Link) -> None:
    """Have a higher app asked and told.

    Args:
        result: told of each message that was sent or has failed for good: the message, its status
            and the error.
        wanted: asked, just before a message is sent, whether the person still wants it.
        unsubscribe_link: the address where one stops e-mails like this one; empty for those that
            are always sent.
    """
    _results[:], _wanted[:], _links[:] = [result], [wanted], [unsubscribe_link]


def tell_result(message: OutgoingMessage, status: str, error: str) -> None:
    """Let the higher app know what became of ``message``."""
    for result in _results:
        result(message, status, error)


def is_wanted(message: OutgoingMessage) -> bool:
    """Whether ``message`` should still be sent."""
    return all(wanted(message) for wanted in _wanted)


def unsubscribe_link(message: OutgoingMessage) -> str:
    """Where one stops e-mails like this one; empty where that is not possible."""
    return next((link for made in _links if (link := made(message))), "")
