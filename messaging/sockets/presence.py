"""Who is in a conversation just now: told when sockets come and go, and kept nowhere.

Whoever comes asks who else is there; whoever is there, in whichever process, answers.
"""

from typing import TYPE_CHECKING, Any

from config.shared import realtime
from messaging.services.live_notes import Passing
from messaging.services.live_topics import CONVERSATION
from messaging.sockets.mailbox import Mailbox

if TYPE_CHECKING:
    from messaging.sockets.hub import Hub

PRESENCE = "presence"
HERE = "here"
GONE = "gone"


def came(hub: "Hub", mailbox: Mailbox, topic: str) -> None:
    """Tell the others, who will answer."""
    _tell(hub, topic, str(mailbox.user_id), HERE, asks=True)


def went(hub: "Hub", mailbox: Mailbox, topic: str) -> None:
    """Tell the others, unless another socket of the same person is still here."""
    if str(mailbox.user_id) not in _people(hub, topic):
        _tell(hub, topic, str(mailbox.user_id), GONE)


def heard(hub: "Hub", note: Passing) -> dict[str, Any]:
    """What clients are shown of a note; where it is a question, the people here answer it."""
    if note.event != PRESENCE:
        return note.data
    data = dict(note.data)
    asks = data.pop("asks", False)
    here = _people(hub, note.topic)
    if asks:
        for person in here - {str(data.get("user"))}:
            _tell(hub, note.topic, person, HERE)
    elif data.get("state") == GONE and data.get("user") in here:
        _tell(hub, note.topic, str(data["user"]), HERE)
    return data


def _people(hub: "Hub", topic: str) -> set[str]:
    return {str(mailbox.user_id) for mailbox in hub.topics.get(topic, ())}


def _tell(hub: "Hub", topic: str, person: str, state: str, *, asks: bool = False) -> None:
    kind, _, conversation = topic.partition(":")
    if kind != CONVERSATION:
        return
    data: dict[str, Any] = {"conversation": conversation, "user": person, "state": state}
    if asks:
        data["asks"] = True

    async def tell() -> None:
        await hub.desk.ask(realtime.broadcast, topic=topic, event=PRESENCE, data=data)

    hub.errand(tell())
