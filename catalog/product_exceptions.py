"""What products refuse, each with a code that clients can rely on."""

from typing import Any

from config.shared.errors import ConflictError, NotAllowedError


class NotSellerError(NotAllowedError):
    """Only whoever sells a thing changes what is said of it."""

    code = "not_your_product"
    title = "This is not your product"


class NotResidentError(NotAllowedError):
    """The community feed of a building is for its verified residents."""

    code = "not_a_verified_resident"
    title = "You are no verified resident of this building"


class SellerUnprovedError(NotAllowedError):
    """Who sells something has proved a phone number."""

    code = "phone_verification_required"
    title = "Please verify your phone number first"


class ProductClosedError(ConflictError):
    """What is sold or removed is not changed any more."""

    code = "product_closed"
    title = "This product is no longer for sale"

    def __init__(self, current: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(current=current, allowed=list(allowed))


class PriceFixedError(ConflictError):
    """A price that somebody has agreed to stays."""

    code = "price_fixed"
    title = "Somebody has reserved this at its price"

    def __init__(self, **more: Any) -> None:
        super().__init__("Change the price once it is free again.", **more)
