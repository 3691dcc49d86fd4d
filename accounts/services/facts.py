"""What is known of the device and network that a request comes from."""

import re
from dataclasses import dataclass

MAX_LABEL = 160

# The first that is found wins, so whoever imitates another stands before them.
_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("okhttp", "Android app"),
    ("Dart", "App"),
    ("CFNetwork", "iOS app"),
    ("curl", "curl"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Where a request came from: the shortened address, and what the program calls itself."""

    ip_prefix: str = ""
    user_agent: str = ""

    @property
    def device_label(self) -> str:
        """A name by which a person recognises the device: ``Firefox on Windows``."""
        agent = _UNPRINTABLE.sub(" ", self.user_agent).strip()
        program = _first(_PROGRAMS, agent)
        system = _first(_SYSTEMS, agent)
        if program and system:
            return f"{program} on {system}"
        known = program or system or agent.split("/", 1)[0].strip() or "Unknown device"
        return known[:MAX_LABEL]


NOWHERE = RequestFacts()


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in names if mark in agent), "")
