"""Opening an account, signing in and out, and passwords."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import answers
from accounts.api.callers import caller_in_session, caller_of, facts_of
from accounts.api.serializers.codes import SENT_EXAMPLE, OTPResponse
from accounts.api.serializers.own_account import EXAMPLE
from accounts.api.serializers.sign_in import (
    LOGIN_EXAMPLE,
    REGISTER_EXAMPLE,
    TOKENS_EXAMPLE,
    LoginRequest,
    LogoutRequest,
    PasswordChange,
    PasswordForm,
    PasswordResetConfirm,
    PasswordResetRequest,
    RefreshTokenRequest,
    RegisterRequest,
    SecondFactorRequired,
    TokenResponse,
    UserCreate,
    UserDetailResponse,
    UserLogin,
)
from accounts.api.throttles import RefreshThrottle, SignInThrottle
from accounts.models import User
from accounts.services import code_sign_in, passwords, refreshing, registration, sessions
from config.shared.operations import Idempotency, documented
from config.shared.parsers import SafeFormParser, SafeJSONParser
from config.shared.permissions import IsSignedIn, IsSignedInUnverified, Public
from config.shared.viewsets import APIView, ViewSet

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class OpenView(APIView):
    """What is asked for by people who are not signed in; a stale token does no harm."""

    permission_classes = [Public]
    authentication_classes = []
    throttle_classes = [SignInThrottle]
    idempotency = Idempotency.EXEMPT
    errors = (401, 403)
    tag = "auth"


class RegisterView(OpenView):
    """A new account."""

    @extend_schema(request=answers.one_of("Registration", UserCreate, RegisterRequest))
    @documented(
        takes=RegisterRequest,
        gives=OTPResponse,
        status=202,
        example=REGISTER_EXAMPLE,
        answer=SENT_EXAMPLE,
    )
    def post(self, request: Request) -> Response:
        """Open an account.

        A code is sent; showing it (`auth/verify-otp/`) opens the account with what was asked for
        here. The answer is the same for a contact that has an account already: its owner is then
        signed in by the code, and nothing of the account changes.
        """
        facts = facts_of(request)
        return self.answer(registration.register(**self.validated(), ip_prefix=facts.ip_prefix))


class LoginView(OpenView):
    """Signing in."""

    parser_classes = [SafeJSONParser, SafeFormParser]

    @extend_schema(
        request={JSON: answers.one_of("SignIn", UserLogin, LoginRequest), FORM: PasswordForm},
        responses={
            200: answers.one_of("SignInOutcome", TokenResponse, SecondFactorRequired),
            202: OTPResponse,
        },
    )
    @documented(takes=LoginRequest, example=LOGIN_EXAMPLE, answer=TOKENS_EXAMPLE)
    def post(self, request: Request) -> Response:
        """Sign in with a password, or ask for a code.

        With a password the answer has tokens, or asks for the second factor. With a phone number
        or e-mail address alone a code is sent (202), and the answer is the same where nobody is
        registered. The form of OAuth 2.0's password grant is understood too.
        """
        asked = self.validated()
        return answers.signed_in(code_sign_in.enter(**asked, request_facts=facts_of(request)))


class RefreshView(OpenView):
    """New tokens."""

    throttle_classes = [RefreshThrottle]

    @documented(
        takes=RefreshTokenRequest, gives=TokenResponse, answer=TOKENS_EXAMPLE, errors=(401,)
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for new tokens.

        Each refresh token counts once; within 30 seconds the one before gets the same successor
        again. An older one ends the session on all its devices, since two parties hold it.
        """
        return self.answer(refreshing.refresh(**self.validated()).tokens)


class LogoutView(APIView):
    """Signing out of this device."""

    permission_classes = [Public]
    throttle_classes = [RefreshThrottle]
    idempotency = Idempotency.EXEMPT
    tag = "auth"

    @documented(takes=LogoutRequest, nothing=True, errors=(401,))
    def post(self, request: Request) -> Response:
        """Sign out.

        Ends the session of the access token, or of the refresh token in the body. Tokens of the
        session are refused from the next request on.
        """
        token = self.validated().get("refresh_token")
        sid = getattr(request.auth, "sid", None)
        sessions.sign_out(user=request.user, session_id=sid, refresh_token=token)
        return self.answer()


class LogoutAllView(APIView):
    """Signing out everywhere."""

    permission_classes = [IsSignedInUnverified]
    idempotency = Idempotency.EXEMPT
    tag = "auth"

    @documented(nothing=True)
    def post(self, request: Request) -> Response:
        """Sign out of every device, this one included."""
        sessions.sign_out_everywhere(user=caller_of(request))
        return self.answer()


class ForgotPasswordView(OpenView):
    """A new password without the old."""

    @documented(
        takes=PasswordResetRequest,
        gives=OTPResponse,
        status=202,
        example={"email": "priya@courtyard.example"},
        answer=SENT_EXAMPLE,
    )
    def post(self, request: Request) -> Response:
        """Ask for a new password.

        An e-mail address is sent a link that works once within an hour, a phone a code. The answer
        is the same where nobody is registered.
        """
        facts = facts_of(request)
        return self.answer(passwords.ask_to_reset(**self.validated(), ip_prefix=facts.ip_prefix))


class ResetPasswordView(OpenView):
    """The new password itself."""

    @documented(
        takes=PasswordResetConfirm,
        nothing=True,
        example={"token": "0199c3a45b607c2e9f4a1d2b3c4d5e6f.k3Y…", "new_password": "blue tin roof"},
    )
    def post(self, request: Request) -> Response:
        """Choose a new password with the link or the code.

        Every session ends. Sign in with the new password afterwards; a second factor is still
        asked for.
        """
        passwords.reset(**self.validated())
        return self.answer()


class ChangePasswordView(APIView):
    """The caller's password."""

    permission_classes = [IsSignedIn]
    throttle_classes = [SignInThrottle]
    idempotency = Idempotency.EXEMPT
    tag = "auth"

    @documented(
        takes=PasswordChange,
        gives=TokenResponse,
        example={"current_password": "seven green parrots", "new_password": "blue tin roof"},
        answer=TOKENS_EXAMPLE,
    )
    def post(self, request: Request) -> Response:
        """Change your password.

        Takes the present one, or a fresh sign-in from those who have none. Every other session
        ends; the answer has new tokens for this one.
        """
        caller = caller_in_session(request)
        return self.answer(passwords.change_password(caller, **self.validated()))


class MeView(ViewSet):
    """The account that the access token speaks for."""

    queryset = User.objects.none()
    serializer_class = UserDetailResponse
    permission_classes = [IsSignedInUnverified]
    tag = "auth"

    def get_queryset(self) -> Any:
        return User.objects.filter(pk=caller_of(self.request).pk).with_own_page()

    @documented(summary="Get your account", answer={**EXAMPLE, "memberships": []})
    def retrieve(self, request: Request) -> Response:
        """Get your account, with the organizations you act for."""
        return self.answer(self.get_queryset().get())
