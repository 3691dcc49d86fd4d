"""Why a unit cannot be held, or a hold not be extended, or a list not be joined."""

from config.shared.errors import ConflictError, TooManyRequestsError


class NotOnSaleError(ConflictError):
    """The development, or its builder, sells nothing at present."""

    code = "not_on_sale"
    title = "This unit is not on sale"


class UnitBlockedError(ConflictError):
    """The builder keeps the unit back."""

    code = "unit_blocked"
    title = "The builder keeps this unit back at present"


class UnitHandedOverError(ConflictError):
    """Somebody lives there already."""

    code = "unit_handed_over"
    title = "This unit has been handed over"


class HoldLimitError(TooManyRequestsError):
    """The customer holds as many units of the development as one person may."""

    code = "hold_limit_reached"
    title = "You hold as many units of this development as one person may"


class ClientKeyUsedError(ConflictError):
    """The customer has a booking with this client key already."""

    code = "client_key_used"
    title = "There is a booking with this client key already"


class ExtensionLimitError(ConflictError):
    """The hold has been extended by as much as it may be in all."""

    code = "extension_limit_reached"
    title = "This hold cannot be extended any further"


class PaidForError(ConflictError):
    """The booking has been paid for, so that leaving it is a matter of the cancellation policy."""

    code = "paid_for"
    title = "This booking has been paid for already"


class UnitAvailableError(ConflictError):
    """Nobody has to wait for a unit that can be held at once."""

    code = "unit_available"
    title = "This unit is free: hold it instead of waiting"


class WaitingAlreadyError(ConflictError):
    """The person stands on the waiting list already."""

    code = "waiting_already"
    title = "You wait for this unit already"


class HoldingAlreadyError(ConflictError):
    """The person has the unit that they would wait for."""

    code = "holding_already"
    title = "You have this unit already"


class WaitlistFullError(ConflictError):
    """As many people wait as the site's setting lets."""

    code = "waitlist_full"
    title = "The waiting list of this unit is full"
