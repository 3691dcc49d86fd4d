"""What reports refuse, each with a code that clients can rely on."""

from config.shared.errors import ConflictError, InvalidInputError, NotAllowedError


class OwnThingError(InvalidInputError):
    """Nobody reports themselves."""

    code = "own_thing"
    title = "This is your own"


class ReportedAlreadyError(ConflictError):
    """One open report of one person about one thing is enough."""

    code = "reported_already"
    title = "You have reported this; the staff will look at it"


class PartyToReportError(NotAllowedError):
    """Nobody decides about themselves, or on what they reported."""

    code = "party_to_report"
    title = "Somebody else has to decide on this report"


class ActionUnfitError(ConflictError):
    """What was reported cannot be dealt with in this way."""

    code = "action_unfit"
    title = "This cannot be done about what was reported"
