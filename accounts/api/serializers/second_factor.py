"""Second factors: set up, asked for when signing in, and what is left of them."""

from rest_framework import serializers

from accounts.api.serializers.codes import CHALLENGE
from config.shared.serializers import Serializer

# Spaces and a dash are read over; backup codes have ten characters.
LONGEST_CODE = 20
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105 (the secret of RFC 6238, appendix B)
ENROLMENT_EXAMPLE = {
    "secret": SECRET,
    "otpauth_url": (f"otpauth://totp/Courtyard:%2B971501234567?secret={SECRET}&issuer=Courtyard"),
    "qr_svg": '<svg viewBox="0 0 41 41"><path stroke="#000" d="M2 2.5h7"/></svg>',
}
CODE_EXAMPLE = {"code": "482913"}
BACKUP_EXAMPLE = {"backup_codes": ["k7m2p-x9wqd", "3fzta-hc8ru"], "backup_codes_left": 2}
VERIFY_EXAMPLE = {"mfa_token": CHALLENGE, "code": "482913"}
PROTECTION_EXAMPLE = {
    "totp_enabled": True,
    "totp_confirmed_at": "2026-11-21T08:00:00Z",
    "backup_codes_left": 9,
    "passkeys": 1,
    "google_linked": False,
    "has_password": True,
}


class SecondFactorCode(Serializer):
    """Six digits of the authenticator app or, where the second factor is on, a backup code."""

    code = serializers.CharField(max_length=LONGEST_CODE, write_only=True)


class SecondFactorProof(SecondFactorCode):
    """A code for the sign-in that waits for it."""

    mfa_token = serializers.UUIDField(
        source="challenge_id", help_text="From the answer that asked for the second factor."
    )


class TOTPEnrolment(Serializer):
    """What an authenticator app needs: scan the picture, or type the secret.

    It counts from the first code on that is confirmed, and is not shown again after that.
    """

    secret = serializers.CharField(read_only=True)
    otpauth_url = serializers.CharField(read_only=True)
    qr_svg = serializers.CharField(read_only=True, help_text="The address as an SVG picture.")


class BackupCodes(Serializer):
    """Codes for the day on which the app is lost: each signs in once. They are shown this once."""

    backup_codes = serializers.SerializerMethodField()
    backup_codes_left = serializers.SerializerMethodField()

    def get_backup_codes(self, codes: list[str]) -> list[str]:
        return codes

    def get_backup_codes_left(self, codes: list[str]) -> int:
        return len(codes)


class AccountProtection(Serializer):
    """How your account is guarded."""

    totp_enabled = serializers.BooleanField(read_only=True)
    totp_confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    backup_codes_left = serializers.IntegerField(read_only=True)
    passkeys = serializers.IntegerField(read_only=True)
    google_linked = serializers.BooleanField(read_only=True)
    has_password = serializers.BooleanField(read_only=True)
