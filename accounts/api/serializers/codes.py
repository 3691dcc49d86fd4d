"""One-time codes: asked for, answered with a challenge, and shown."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.choices import CodePurpose, OpenPurpose, ShownPurpose
from accounts.services.codes import Issued
from accounts.services.identifiers import MAX_EMAIL, Contact, email_contact, phone_contact
from accounts.services.identifiers import contact as read_contact
from config.shared.errors import InvalidInputError
from config.shared.phones import MAX_SPELLING
from config.shared.serializers import Serializer

CHALLENGE = "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"
SENT_EXAMPLE = {
    "message": "If a message can reach this contact, it is on its way.",
    "challenge_id": CHALLENGE,
    "expires_in": 300,
    "resend_after": 60,
    "delayed": False,
}
DELAYED = (
    "Messages of this kind do not get through at present, so it may come late or not at all. "
    "Use your password, or your other contact: phone or e-mail."
)
SEND_EXAMPLE = {"phone_number": "+971501234567", "purpose": "login"}
SHOW_EXAMPLE = {"challenge_id": CHALLENGE, "code": "204816"}


class CodeField(serializers.CharField):
    """The digits of a code, or what a person typed instead."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 12, "write_only": True, **kwargs})


@extend_schema_serializer(component_name="OTPRequest")
class OTPRequest(Serializer):
    """A phone number that a code is sent to."""

    phone_number = serializers.CharField(max_length=MAX_SPELLING)
    purpose = serializers.ChoiceField(choices=OpenPurpose.choices, default=OpenPurpose.LOGIN)


@extend_schema_serializer(component_name="SendOTPRequest")
class SendOTPRequest(Serializer):
    """A phone number or e-mail address that a code is sent to.

    With the ``challenge_id`` of a registration the code for that is sent again.
    """

    identifier = serializers.CharField(max_length=MAX_EMAIL, required=False)
    phone_number = serializers.CharField(max_length=MAX_SPELLING, required=False)
    email = serializers.CharField(max_length=MAX_EMAIL, required=False)
    purpose = serializers.ChoiceField(choices=OpenPurpose.choices, default=OpenPurpose.LOGIN)
    challenge_id = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The contact, whatever it is called."""
        return {
            "contact": _contact(attrs),
            "purpose": CodePurpose(attrs["purpose"]),
            "challenge_id": attrs.get("challenge_id"),
        }


class OTPResponse(Serializer):
    """A code is on its way, if there is anybody to send it to: nobody can tell from this answer.

    ``challenge_id`` is to be shown with the code; ``expires_in`` and ``resend_after`` are seconds.
    ``delayed`` says that no SMS, or no e-mail, gets through to anybody at present: whoever has a
    password or another contact had better use that.
    """

    message = serializers.SerializerMethodField()
    challenge_id = serializers.UUIDField(read_only=True)
    expires_in = serializers.IntegerField(read_only=True)
    resend_after = serializers.IntegerField(read_only=True)
    delayed = serializers.BooleanField(read_only=True)

    def get_message(self, issued: Issued) -> str:
        sent = str(SENT_EXAMPLE["message"])
        return f"{sent} {DELAYED}" if issued.delayed else sent


@extend_schema_serializer(component_name="OTPVerify")
class OTPVerify(Serializer):
    """A code with the phone number it was sent to, from the network that asked for it.

    A password that was asked for with it is not set this way: that takes the ``challenge_id``.
    """

    phone_number = serializers.CharField(max_length=MAX_SPELLING)
    otp_code = CodeField()
    purpose = serializers.ChoiceField(choices=ShownPurpose.choices, default=ShownPurpose.LOGIN)


@extend_schema_serializer(component_name="VerifyOTPRequest")
class VerifyOTPRequest(Serializer):
    """A code with the challenge that the request for it was answered with.

    ``code`` can be called ``otp`` or ``otp_code`` as well.
    """

    challenge_id = serializers.UUIDField(required=False)
    identifier = serializers.CharField(max_length=MAX_EMAIL, required=False)
    phone_number = serializers.CharField(max_length=MAX_SPELLING, required=False)
    email = serializers.CharField(max_length=MAX_EMAIL, required=False)
    purpose = serializers.ChoiceField(choices=ShownPurpose.choices, required=False)
    code = CodeField(required=False)
    otp = CodeField(required=False)
    otp_code = CodeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The code and the challenge or contact, whatever they are called."""
        code = attrs.get("code") or attrs.get("otp") or attrs.get("otp_code")
        if not code:
            raise InvalidInputError.at("/code", "required", "The code that was sent.")
        challenge_id, contact = attrs.get("challenge_id"), _contact(attrs)
        if challenge_id is None and contact is None:
            raise InvalidInputError.at("/challenge_id", "required", "Which code this is.")
        purpose = CodePurpose(attrs["purpose"]) if "purpose" in attrs else None
        return {
            "code": code,
            "challenge_id": challenge_id,
            "contact": contact,
            "purpose": purpose,
        }


class OTPVerified(Serializer):
    """The phone number or e-mail address is verified; the next refresh brings the full scope."""

    is_verified = serializers.SerializerMethodField()
    channel = serializers.CharField(source="contact.channel", read_only=True)

    def get_is_verified(self, _outcome: Any) -> bool:
        return True


class PhoneChange(Serializer):
    """The new phone number; ``new_phone`` is understood as well."""

    phone_number = serializers.CharField(max_length=MAX_SPELLING, required=False)
    new_phone = serializers.CharField(max_length=MAX_SPELLING, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Contact]:
        text = attrs.get("phone_number") or attrs.get("new_phone")
        if not text:
            raise InvalidInputError.at("/phone_number", "required", "The new phone number.")
        return {"contact": phone_contact(text)}


class EmailChange(Serializer):
    """The new e-mail address; ``new_email`` is understood as well."""

    email = serializers.CharField(max_length=MAX_EMAIL, required=False)
    new_email = serializers.CharField(max_length=MAX_EMAIL, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Contact]:
        text = attrs.get("email") or attrs.get("new_email")
        if not text:
            raise InvalidInputError.at("/email", "required", "The new e-mail address.")
        return {"contact": email_contact(text)}


class CodeConfirmation(Serializer):
    """The challenge and the code that was sent for it."""

    challenge_id = serializers.UUIDField()
    code = CodeField()


class FreshProof(Serializer):
    """The password, or the challenge and its code; with neither, a code is sent."""

    password = serializers.CharField(
        max_length=128, trim_whitespace=False, required=False, write_only=True
    )
    challenge_id = serializers.UUIDField(required=False)
    code = CodeField(required=False)


def _contact(attrs: dict[str, Any]) -> Contact | None:
    if text := attrs.get("phone_number"):
        return phone_contact(text)
    if text := attrs.get("email"):
        return email_contact(text)
    return read_contact(attrs["identifier"]) if attrs.get("identifier") else None
