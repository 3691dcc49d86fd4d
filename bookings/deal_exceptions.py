"""What contracts, cancellations, transfers and handovers can be refused for."""

from config.shared.errors import ConflictError, NotAllowedError


class RequestOpenError(ConflictError):
    """A cancellation or a transfer of the booking has been asked for and is not decided."""

    code = "asked_already"
    title = "A request about this booking is still being decided on"


class SecondPersonError(NotAllowedError):
    """The first approval was this person's: the second is somebody else's."""

    code = "second_person"
    title = "A second person has to approve this"


class BuildingMissingError(ConflictError):
    """Neither the unit nor its development says in which building the home is."""

    code = "building_missing"
    title = "The home has no building yet"


class NotReadyError(ConflictError):
    """The development cannot be handed over yet."""

    code = "not_ready"
    title = "The development is not ready to be handed over"


class UnpaidError(ConflictError):
    """Something of the price is still owed; the document carries ``outstanding``."""

    code = "unpaid"
    title = "Not everything has been paid"


class SignedAlreadyError(ConflictError):
    """This side has signed the handover before."""

    code = "signed_already"
    title = "This side has signed already"
