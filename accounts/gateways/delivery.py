"""What can go wrong on the way to somebody's phone or mailbox."""


class DeliveryError(Exception):
    """A message could not be handed over; says neither its text nor its address.

    ``permanent`` means that the same message will never be accepted. ``retry_after`` is the
    number of seconds that the other side asked to wait.
    """

    def __init__(
        self, reason: str, *, permanent: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.retry_after = retry_after
