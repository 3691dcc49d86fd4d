"""What identity refuses, each with a code that clients can rely on."""

from collections.abc import Iterable

from config.shared.errors import (
    ConflictError,
    FieldError,
    InvalidInputError,
    NotAllowedError,
    NotAuthenticatedError,
    TooManyRequestsError,
    UnavailableError,
)
from config.shared.personal_data import Obstacle


class InvalidTokenError(NotAuthenticatedError):
    """The token is malformed, forged, of another kind, or expired."""

    code = "invalid_token"
    title = "This token is not valid"


class SessionEndedError(NotAuthenticatedError):
    """The session was ended: signed out, ended by staff, or overtaken by a change of password."""

    code = "session_ended"
    title = "This session has ended"


class TokenReusedError(SessionEndedError):
    """A refresh token that had been replaced was shown again, so its whole session was ended."""

    code = "token_reused"
    title = "This token was used before, so the session was ended"


class InvalidCredentialsError(NotAuthenticatedError):
    """No such account, or another password: the two cannot be told apart."""

    code = "invalid_credentials"
    title = "Identifier and password do not match"


class AccountSuspendedError(NotAllowedError):
    """Staff have suspended this account; only its owner, after proof, learns of it."""

    code = "account_suspended"
    title = "This account is suspended"


class AccountInactiveError(NotAllowedError):
    """The owner has deactivated this account; signing in by a code brings it back."""

    code = "account_inactive"
    title = "This account is deactivated"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or "Sign in with a code to use the account again.")


class FreshSignInRequiredError(NotAllowedError):
    """The act needs proof from the last minutes that it is still the owner who asks."""

    code = "fresh_sign_in_required"
    title = "Please confirm that it is you"


class PasswordLockedError(TooManyRequestsError):
    """Too many wrong passwords; a code to the owner's phone or e-mail still signs in."""

    code = "password_locked"
    title = "Too many wrong passwords"


class PasswordStoppedError(TooManyRequestsError):
    """So many wrong passwords that only a new one, or a code, signs in."""

    code = "password_stopped"
    title = "This password can no longer be used"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or "Reset the password, or sign in with a code.", retry_after=3600)


class HashingBusyError(UnavailableError):
    """As many passwords are being checked as the machine should check at once."""

    code = "busy"
    title = "Too many people are signing in at this moment"


class SignInUnavailableError(UnavailableError):
    """The database of secrets cannot be reached; whoever is signed in goes on undisturbed."""

    code = "sign_in_unavailable"
    title = "Signing in is not possible at this moment"


class WrongCodeError(InvalidInputError):
    """The code does not open anything: wrong, expired, used, tried too often or never sent."""

    code = "wrong_code"
    title = "This code is not valid"

    def __init__(self, detail: str | None = None, *, pointer: str = "/code") -> None:
        sentence = detail or "This code is wrong or no longer valid."
        super().__init__(sentence, errors=[FieldError(pointer, self.code, sentence)])


class WrongPasswordError(InvalidInputError):
    """A signed-in person gave another password than their own."""

    code = "wrong_password"
    title = "This is not your password"

    def __init__(self, detail: str | None = None, *, pointer: str = "/current_password") -> None:
        sentence = detail or "This is not your present password."
        super().__init__(sentence, errors=[FieldError(pointer, self.code, sentence)])


class CodesStoppedError(TooManyRequestsError):
    """So many wrong codes that this phone or e-mail cannot be used until staff free it."""

    code = "codes_stopped"
    title = "Codes can no longer be used for this phone or e-mail"


class NothingStoppedError(ConflictError):
    """No wrong codes were tried for this phone or e-mail, so there is nothing to free."""

    code = "nothing_stopped"
    title = "No codes are stopped here"


class CountryNotServedError(InvalidInputError):
    """Messages are not sent to the country of this number."""

    code = "country_not_served"
    title = "Messages are not sent to this country"


class ContactTakenError(ConflictError):
    """Somebody else has proved that this phone number or e-mail address is theirs."""

    code = "contact_taken"
    title = "This belongs to another account"


class ContactMissingError(ConflictError):
    """The account has no verified phone number or e-mail address that a code could be sent to."""

    code = "contact_missing"
    title = "There is no verified phone number or e-mail address"


class LastOwnerError(ConflictError):
    """An organization keeps at least one owner: another one has to be named first."""

    code = "last_owner"
    title = "This is the last owner"


class AlreadyMemberError(ConflictError):
    """The person is a member, or has been invited and not answered yet."""

    code = "already_member"
    title = "This person is a member or invited already"


class OrganizationSuspendedError(NotAllowedError):
    """Staff have suspended the organization; nobody acts for it until they reinstate it."""

    code = "organization_suspended"
    title = "This organization is suspended"


class OwnRequestError(NotAllowedError):
    """Nobody decides on their own request."""

    code = "own_request"
    title = "Nobody decides on their own request"


class NotYourselfError(InvalidInputError):
    """Following and blocking take two people."""

    code = "not_yourself"
    title = "This takes two people"


class AttemptsUsedUpError(ConflictError):
    """Papers were handed in as often as they may be; support can help."""

    code = "attempts_used_up"
    title = "The papers were handed in too often"


class PapersPurgedError(ConflictError):
    """The images and numbers of decided papers are deleted after a while."""

    code = "papers_purged"
    title = "These papers have been deleted"


class PapersExpiredError(ConflictError):
    """A licence or an insurance of the contractor has run out; ``papers`` says which and when."""

    code = "papers_expired"
    title = "A paper of this contractor has expired"


class MessageNotRepeatableError(ConflictError):
    """The message was delivered, is waiting, or its text has been forgotten."""

    code = "message_not_repeatable"
    title = "This message cannot be sent again"


class TooManyFilesError(TooManyRequestsError):
    """The files of a day, or the space of a person, are used up."""

    code = "too_many_files"
    title = "No more files can be uploaded for now"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, retry_after=3600)


class FileRejectedError(ConflictError):
    """The file was checked and not accepted; ``rejection_code`` says why. Announce a new one."""

    code = "file_rejected"
    title = "This file was not accepted"


class FileInUseError(ConflictError):
    """Something still shows the file; take it away there first."""

    code = "file_in_use"
    title = "This file is in use"


class UploadRefusedError(NotAllowedError):
    """The signature of the upload is wrong or too old, or the file has been completed."""

    code = "upload_refused"
    title = "This upload is not accepted"


class LinkRequiredError(NotAllowedError):
    """A private file is opened by the link that its details show, which is valid for minutes."""

    code = "link_required"
    title = "This file is opened by a signed link"


class LinkRefusedError(NotAllowedError):
    """The link has expired or was changed; the file's details show a new one."""

    code = "link_refused"
    title = "This link is no longer valid"


class ErasureRefusedError(ConflictError):
    """Something has to be settled first; ``reasons`` says what."""

    code = "erasure_refused"
    title = "The account cannot be erased yet"

    def __init__(self, obstacles: Iterable[Obstacle]) -> None:
        reasons = [obstacle.as_dict() for obstacle in obstacles]
        super().__init__(" ".join(reason["detail"] for reason in reasons), reasons=reasons)


class ErasureUnderWayError(NotAllowedError):
    """The account is being erased at this moment; there is no way back."""

    code = "erasure_under_way"
    title = "This account is being erased"
