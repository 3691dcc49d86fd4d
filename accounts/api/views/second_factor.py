"""Second factors: turned on and off, asked for on signing in, renewed."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import answers
from accounts.api.callers import caller_in_session, caller_of, facts_of
from accounts.api.serializers.second_factor import (
    BACKUP_EXAMPLE,
    CODE_EXAMPLE,
    ENROLMENT_EXAMPLE,
    PROTECTION_EXAMPLE,
    VERIFY_EXAMPLE,
    AccountProtection,
    BackupCodes,
    SecondFactorCode,
    SecondFactorProof,
    TOTPEnrolment,
)
from accounts.api.serializers.sign_in import TOKENS_EXAMPLE, TokenResponse
from accounts.api.throttles import SignInThrottle
from accounts.services import second_factor
from config.shared.operations import Idempotency, documented
from config.shared.permissions import IsSignedIn, Public
from config.shared.viewsets import APIView


class OwnFactorView(APIView):
    """The caller's own second factor."""

    permission_classes = [IsSignedIn]
    throttle_classes = [SignInThrottle]
    idempotency = Idempotency.EXEMPT
    tag = "auth"


class ProtectionView(OwnFactorView):
    """How an account is guarded."""

    throttle_classes = []

    @documented(gives=AccountProtection, answer=PROTECTION_EXAMPLE)
    def get(self, request: Request) -> Response:
        """See how your account is guarded: authenticator app, backup codes, passkeys, Google."""
        return self.answer(second_factor.protection_of(user=caller_of(request)))


class StartTOTPView(OwnFactorView):
    """An authenticator app to be."""

    @documented(gives=TOTPEnrolment, answer=ENROLMENT_EXAMPLE, errors=(403, 409))
    def post(self, request: Request) -> Response:
        """Start to set up an authenticator app.

        Takes a fresh sign-in (`auth/step-up/`). Nothing changes until a code of the app is
        confirmed (`auth/mfa/totp/confirm/`); starting again makes another secret. While an app is
        set up the answer is a 409.
        """
        return self.answer(second_factor.start(caller_in_session(request)))


class ConfirmTOTPView(OwnFactorView):
    """An authenticator app that works."""

    @documented(
        takes=SecondFactorCode,
        gives=BackupCodes,
        example=CODE_EXAMPLE,
        answer=BACKUP_EXAMPLE,
        errors=(409,),
    )
    def post(self, request: Request) -> Response:
        """Confirm the authenticator app with a code that it shows.

        From now on signing in asks for a code, also after a password reset; only a passkey counts
        as two factors by itself. The answer has ten backup codes, which are not shown again.
        """
        return self.answer(second_factor.confirm(user=caller_of(request), **self.validated()))


class DisableTOTPView(OwnFactorView):
    """No authenticator app any more."""

    @documented(takes=SecondFactorCode, nothing=True, example=CODE_EXAMPLE, errors=(403, 409))
    def post(self, request: Request) -> Response:
        """Turn the authenticator app off.

        Takes a fresh sign-in (`auth/step-up/`), and a code of the app or a backup code. The backup
        codes are void with it, and you are told on your verified phone and e-mail.
        """
        return self.answer(second_factor.disable(caller_in_session(request), **self.validated()))


class BackupCodesView(OwnFactorView):
    """Backup codes."""

    @documented(
        takes=SecondFactorCode,
        gives=BackupCodes,
        example=CODE_EXAMPLE,
        answer=BACKUP_EXAMPLE,
        errors=(403, 409),
    )
    def post(self, request: Request) -> Response:
        """Get ten new backup codes in place of the old ones.

        Takes a fresh sign-in (`auth/step-up/`), and a code of the app or a backup code.
        """
        codes = second_factor.renew_backup_codes(caller_in_session(request), **self.validated())
        return self.answer(codes)


class VerifySecondFactorView(APIView):
    """The second half of signing in."""

    permission_classes = [Public]
    authentication_classes = []
    throttle_classes = [SignInThrottle]
    idempotency = Idempotency.EXEMPT
    tag = "auth"

    @documented(
        takes=SecondFactorProof,
        gives=TokenResponse,
        example=VERIFY_EXAMPLE,
        answer=TOKENS_EXAMPLE,
        errors=(401, 403),
    )
    def post(self, request: Request) -> Response:
        """Finish signing in with the second factor.

        `mfa_token` is from the answer that asked for it, and waits five minutes and five tries.
        A code of the app and a backup code work once each. Ten failures in a quarter of an hour,
        or fifty in a day, are answered with 429 and `Retry-After`.
        """
        signed_in = second_factor.finish_sign_in(
            **self.validated(), request_facts=facts_of(request)
        )
        return answers.signed_in(signed_in)
