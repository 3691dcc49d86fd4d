"""What identity refuses about second factors, passkeys and Google."""

from accounts.exceptions import InvalidCredentialsError
from config.shared.errors import ConflictError, FieldError, InvalidInputError, NotAllowedError


class ChallengeClosedError(InvalidInputError):
    """The challenge is unknown, somebody else's, answered or expired: ask for a new one."""

    code = "challenge_closed"
    title = "This challenge is no longer open"

    def __init__(self, *, pointer: str = "/challenge_id") -> None:
        sentence = "This is no longer open: please start again."
        super().__init__(sentence, errors=[FieldError(pointer, self.code, sentence)])


class SecondFactorActiveError(ConflictError):
    """A second factor guards the account already; it is replaced by disabling it first."""

    code = "second_factor_active"
    title = "A second factor is active already"


class SecondFactorMissingError(ConflictError):
    """There is no second factor to confirm, check or take away."""

    code = "second_factor_missing"
    title = "No second factor is set up"


class PasskeyRefusedError(InvalidCredentialsError):
    """The passkey is unknown, or its answer does not verify."""

    code = "passkey_refused"
    title = "This passkey was not accepted"


class PasskeyNotVerifiedError(InvalidInputError):
    """What the browser made does not verify: of another site, or not unlocked by its owner."""

    code = "passkey_not_verified"
    title = "This passkey cannot be registered"

    def __init__(self, detail: str | None = None) -> None:
        sentence = detail or "This passkey does not verify: please try again."
        super().__init__(sentence, errors=[FieldError("/credential", self.code, sentence)])


class PasskeyClonedError(PasskeyRefusedError):
    """The passkey's counter went back, as that of a copy would."""

    code = "passkey_cloned"
    title = "This passkey seems to have been copied"


class PasskeyExistsError(ConflictError):
    """The device made a passkey that is registered already."""

    code = "passkey_exists"
    title = "This passkey is registered already"


class TooManyPasskeysError(ConflictError):
    """An account holds at most twenty passkeys."""

    code = "too_many_passkeys"
    title = "There are too many passkeys"


class GoogleOffError(NotAllowedError):
    """Sign-in with Google is not set up on this site."""

    code = "google_off"
    title = "Sign-in with Google is switched off"


class GoogleRefusedError(InvalidInputError):
    """Google's answer does not verify, belongs to another sign-in, or was used before."""

    code = "google_refused"
    title = "Google's answer was not accepted"

    def __init__(self, detail: str | None = None) -> None:
        sentence = detail or "Google's answer does not verify: please start again."
        super().__init__(sentence, errors=[FieldError("", self.code, sentence)])


class GoogleLinkRequiredError(ConflictError):
    """The e-mail belongs to an account here, whose owner must sign in and link it.

    The problem document carries ``link_token``, valid for ten minutes.
    """

    code = "google_link_required"
    title = "Sign in to your account, then link Google to it"


class GoogleTakenError(ConflictError):
    """The Google account is linked to another account, or this account to another Google one."""

    code = "google_taken"
    title = "This Google account cannot be linked"
