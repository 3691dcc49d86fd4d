"""What deliveries and browsers that take notifications refuse."""

from config.shared.errors import ConflictError


class DeliveryNotRepeatableError(ConflictError):
    """Only what has failed, and still has something to be sent, is tried again."""

    code = "delivery_not_repeatable"
    title = "This delivery cannot be tried again"


class PushOffError(ConflictError):
    """This site has no key for Web Push."""

    code = "push_off"
    title = "This site sends nothing to browsers"
