"""Exit status 0 when the web process on this machine is alive; the health check of containers.

The request carries the first name that the site answers to, as the proxy would send it.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException

PORT = int(os.environ.get("PORT", "8000"))
HOST = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")


def is_alive(path: str = "/health/live/") -> bool:
    """Whether ``path`` answers 200 within two seconds."""
    connection = HTTPConnection("127.0.0.1", PORT, timeout=2)
    try:
        connection.request("GET", path, headers={"Host": HOST or "localhost"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_alive(*sys.argv[1:2]) else 1)
