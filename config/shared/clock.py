"""The one clock that deadlines are compared with."""

from datetime import datetime

from django.db import connections


def database_now(using: str = "default") -> datetime:
    """The database's present time, in UTC.

    This is the time of the call (``clock_timestamp``), also in a transaction that waited for a
    lock. Services read it once, after they have locked what they decide about.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    now: datetime = row[0]
    return now
