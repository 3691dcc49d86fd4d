"""Two media servers, one question: nginx with its RTMP module, and MediaMTX.

nginx posts a form with ``call``, ``name`` and the arguments of the address, of which one is the
key. MediaMTX posts JSON with ``action``, ``path`` and the arguments as one text.
"""

from dataclasses import dataclass, field
from urllib.parse import parse_qs

from catalog.services.stream_playback import may_watch
from catalog.services.stream_signals import (
    Signal,
    WrongKeyError,
    publishing_begins,
    publishing_goes_on,
    publishing_stopped,
)

MOST_ARGUMENTS = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What a media server wants to know, in its own words."""

    call: str = ""
    name: str = ""
    key: str = field(default="", repr=False)
    action: str = ""
    path: str = ""
    query: str = field(default="", repr=False)


def answer(question: Question) -> None:
    """Return if the answer is yes; raise what stands against it otherwise.

    Whatever is not known is refused, as is playing over RTMP, which asks nobody who may watch.
    """
    call = question.call or question.action
    if question.action in {"read", "playback"} and not question.call:
        name, shown = question.path.rpartition("/")[2], _argument(question, "pass")
        if not may_watch(name=name, shown=shown):
            raise WrongKeyError
        return
    signal = _signal(question)
    if call == "publish":
        publishing_begins(signal)
    elif call in {"update", "update_publish"}:
        publishing_goes_on(signal)
    elif call in {"publish_done", "done"}:
        publishing_stopped(signal)
    else:
        raise WrongKeyError


def _signal(question: Question) -> Signal:
    name = question.name or question.path.rpartition("/")[2]
    return Signal(name=name, key=question.key or _argument(question, "key"))


def _argument(question: Question, name: str) -> str:
    try:
        found = parse_qs(question.query.lstrip("?"), max_num_fields=MOST_ARGUMENTS)
    except ValueError:
        return ""
    return found.get(name, [""])[0]
