"""What can be refused about payment plans and instalments."""

from config.shared.errors import ConflictError, NotAllowedError


class PlanDoesNotFitError(ConflictError):
    """The plan cannot be carried out with this price, or is not a plan any more."""

    code = "plan_does_not_fit"
    title = "The payment plan of this development does not fit this price"


class ObjectionOpenError(ConflictError):
    """The objection has been made and awaits its answer."""

    code = "objection_open"
    title = "An objection to this instalment is open already"


class NoObjectionError(ConflictError):
    """There is nothing to answer."""

    code = "no_objection"
    title = "No objection to this instalment is open"


class NotOwedError(ConflictError):
    """The instalment is not owed at present."""

    code = "not_owed"
    title = "This instalment is not owed at present"


class DepositNotWaivableError(ConflictError):
    """A booking stands on its deposit."""

    code = "deposit_not_waivable"
    title = "A deposit cannot be waived"


class SecondPersonError(NotAllowedError):
    """Whoever asked for something does not also decide on it."""

    code = "second_person"
    title = "A second person has to do this"


class OwnDebtError(NotAllowedError):
    """Nobody decides on what they owe themselves."""

    code = "own_debt"
    title = "You cannot decide on your own instalment"


class TooManyRowsError(ConflictError):
    """The file would be larger than spreadsheet programs bear."""

    code = "too_many_rows"
    title = "Too many rows for this format"
