"""What kind of process this is; ``manage.py``, ``wsgi.py`` and ``asgi.py`` each say so once.

It lives in a variable and not in the environment, because a child process (a web server that
a command starts) is of another kind than its parent.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    WSGI = "wsgi"
    ASGI = "asgi"
    COMMAND = "command"


@dataclass
class Process:
    kind: Kind = Kind.ASGI


current = Process()
