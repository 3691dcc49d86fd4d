"""What construction refuses, each with a code that clients can rely on."""

from config.shared.errors import ConflictError


class TooManyPhasesError(ConflictError):
    """A development has as many phases as one page can show."""

    code = "too_many_phases"
    title = "This development has as many phases as it can have"


class TooManyModelsError(ConflictError):
    """A development or a unit has as many 3D models as one may show."""

    code = "too_many_models"
    title = "There are as many 3D models here as there can be"


class NotLaunchedError(ConflictError):
    """Nobody but the builder can see the development, so nobody could read of it."""

    code = "not_launched"
    title = "This development has not been launched"
