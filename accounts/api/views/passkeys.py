"""Passkeys: made, listed, named, removed, and signed in with."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import answers
from accounts.api.callers import caller_in_session, caller_of, facts_of
from accounts.api.serializers.passkeys import (
    EXAMPLE,
    REGISTRATION_EXAMPLE,
    REGISTRATION_OPTIONS_EXAMPLE,
    SIGN_IN_EXAMPLE,
    SIGN_IN_OPTIONS_EXAMPLE,
    PasskeyAnswer,
    PasskeyName,
    PasskeyOptions,
    PasskeyRegistration,
    PasskeyResponse,
)
from accounts.api.serializers.sign_in import TOKENS_EXAMPLE, SecondFactorRequired, TokenResponse
from accounts.api.throttles import SignInThrottle
from accounts.credentials.models import Passkey
from accounts.services import passkeys
from config.shared.operations import Idempotency, documented
from config.shared.permissions import IsSignedIn, Public
from config.shared.viewsets import APIView, ViewSet


class PasskeyView(ViewSet):
    """The caller's passkeys: keys on their devices that sign in without a password."""

    queryset = Passkey.objects.none()
    serializer_class = PasskeyResponse
    permission_classes = [IsSignedIn]
    throttle_classes = [SignInThrottle]
    filter_backends: list[Any] = []
    idempotency = Idempotency.EXEMPT
    tag = "auth"

    def get_queryset(self) -> Any:
        return passkeys.passkeys_of(caller_of(self.request))

    @documented(summary="List your passkeys", paginated=True)
    def list(self, request: Request) -> Response:
        """List your passkeys, the newest first."""
        return self.listed(self.get_queryset())

    @documented(
        gives=PasskeyOptions,
        operation_id="auth_passkeys_options",
        answer=REGISTRATION_OPTIONS_EXAMPLE,
        errors=(403, 409),
    )
    def options_to_register(self, request: Request) -> Response:
        """Start to register a passkey.

        Takes a fresh sign-in (`auth/step-up/`). Hand `public_key` to
        `navigator.credentials.create`, by way of `parseCreationOptionsFromJSON`, within five
        minutes. An account has at most twenty passkeys.
        """
        return self.answer(passkeys.registration_options(caller_in_session(request)))

    @documented(
        takes=PasskeyRegistration,
        status=201,
        example=REGISTRATION_EXAMPLE,
        answer=EXAMPLE,
        errors=(403, 409),
    )
    def create(self, request: Request) -> Response:
        """Register the passkey that the browser made.

        Takes a fresh sign-in. From now on it signs in by itself, without a password or a second
        factor. You are told on your verified phone and e-mail.
        """
        return self.answer(passkeys.register(caller_in_session(request), **self.validated()))

    @documented(takes=PasskeyName, example={"name": "Phone"}, answer=EXAMPLE)
    def partial_update(self, request: Request, pk: Any) -> Response:
        """Give a passkey of yours another name."""
        user = caller_of(request)
        return self.answer(passkeys.rename(user=user, passkey_id=pk, **self.validated()))

    @documented(nothing=True, errors=(403,))
    def destroy(self, request: Request, pk: Any) -> Response:
        """Remove a passkey of yours.

        Takes a fresh sign-in (`auth/step-up/`). Devices that are signed in stay signed in.
        """
        return self.answer(passkeys.remove(caller_in_session(request), passkey_id=pk))


class OpenPasskeyView(APIView):
    """Passkeys of people who are not signed in."""

    permission_classes = [Public]
    authentication_classes = []
    throttle_classes = [SignInThrottle]
    idempotency = Idempotency.EXEMPT
    tag = "auth"


class SignInOptionsView(OpenPasskeyView):
    """A question that any passkey of ours answers."""

    @documented(gives=PasskeyOptions, answer=SIGN_IN_OPTIONS_EXAMPLE)
    def post(self, request: Request) -> Response:
        """Start to sign in with a passkey.

        Hand `public_key` to `navigator.credentials.get`, by way of
        `parseRequestOptionsFromJSON`, within five minutes.
        """
        return self.answer(passkeys.sign_in_options(ip_prefix=facts_of(request).ip_prefix))


class PasskeySignInView(OpenPasskeyView):
    """The answer of a passkey."""

    @extend_schema(
        responses={
            200: answers.one_of("PasskeyOutcome", TokenResponse, SecondFactorRequired),
        }
    )
    @documented(
        takes=PasskeyAnswer, example=SIGN_IN_EXAMPLE, answer=TOKENS_EXAMPLE, errors=(401, 403)
    )
    def post(self, request: Request) -> Response:
        """Sign in with a passkey.

        It counts as two factors, so nothing else is asked for. A passkey whose counter went back
        has been copied and is refused.
        """
        outcome = passkeys.sign_in_with(**self.validated(), request_facts=facts_of(request))
        return answers.signed_in(outcome)
