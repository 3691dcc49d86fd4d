"""Sign-in with Google: started, answered, linked to an account and taken away."""

from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import answers
from accounts.api.callers import caller_in_session, facts_of, maybe_caller_of
from accounts.api.serializers.google import (
    ANSWER_EXAMPLE,
    LINK_EXAMPLE,
    START_EXAMPLE,
    STARTED_EXAMPLE,
    GoogleAnswer,
    GoogleLink,
    GoogleStart,
    GoogleStarted,
)
from accounts.api.serializers.sign_in import TOKENS_EXAMPLE, SecondFactorRequired, TokenResponse
from accounts.api.throttles import SignInThrottle
from accounts.services import google
from config.shared.operations import Idempotency, documented
from config.shared.permissions import IsSignedIn, Public
from config.shared.viewsets import APIView, ViewSet


class StartGoogleView(APIView):
    """A way to Google and back."""

    permission_classes = [Public]
    throttle_classes = [SignInThrottle]
    idempotency = Idempotency.EXEMPT
    tag = "auth"

    @documented(
        takes=GoogleStart,
        gives=GoogleStarted,
        example=START_EXAMPLE,
        answer=STARTED_EXAMPLE,
        errors=(403, 502),
    )
    def post(self, request: Request) -> Response:
        """Start to sign in with Google.

        Send the browser to `authorization_url` within ten minutes. With an access token this
        starts a link to your account, which is finished at `auth/google/link/`. Where sign-in with
        Google is off the answer is a 403, `google_off`.
        """
        ip_prefix = facts_of(request).ip_prefix
        started = google.start(
            **self.validated(), ip_prefix=ip_prefix, user=maybe_caller_of(request)
        )
        return self.answer(started)


class GoogleView(ViewSet):
    """Google's answer, and the end of a link."""

    throttle_classes = [SignInThrottle]
    idempotency = Idempotency.EXEMPT
    tag = "auth"

    def get_authenticators(self) -> list[BaseAuthentication]:
        """None for signing in, where a stale token does no harm."""
        signs_in = self.request is not None and self.request.method == "POST"
        return [] if signs_in else super().get_authenticators()

    def get_permissions(self) -> list[IsSignedIn | Public]:
        """Anybody signs in; a link is ended by whose it is."""
        return [IsSignedIn()] if self.action == "destroy" else [Public()]

    @extend_schema(
        responses={
            200: answers.one_of("GoogleOutcome", TokenResponse, SecondFactorRequired),
        }
    )
    @documented(
        takes=GoogleAnswer,
        status=200,
        operation_id="auth_google",
        example=ANSWER_EXAMPLE,
        answer=TOKENS_EXAMPLE,
        errors=(403, 409, 502),
    )
    def create(self, request: Request) -> Response:
        """Sign in with Google's answer.

        Who is new gets an account, with the e-mail address that Google has verified. If that
        address belongs to an account here, the answer is a 409, `google_link_required`, with a
        `link_token`: sign in to the account and send it to `auth/google/link/`.
        """
        return answers.signed_in(google.finish(**self.validated(), request_facts=facts_of(request)))

    @documented(nothing=True, operation_id="auth_google_unlink", errors=(403, 404))
    def destroy(self, request: Request) -> Response:
        """Take the link to Google away.

        Takes a fresh sign-in (`auth/step-up/`). Phone, e-mail and password still sign in.
        """
        return self.answer(google.unlink(caller_in_session(request)))


class GoogleLinkView(APIView):
    """A Google account that signs in to an account here."""

    permission_classes = [IsSignedIn]
    throttle_classes = [SignInThrottle]
    idempotency = Idempotency.EXEMPT
    tag = "auth"

    @documented(takes=GoogleLink, nothing=True, example=LINK_EXAMPLE, errors=(403, 409, 502))
    def post(self, request: Request) -> Response:
        """Link a Google account to yours.

        Takes a fresh sign-in, and either the `link_token` of a refused sign-in, or Google's
        answer to what you started with your access token. A Google account signs in to one
        account, and an account has one.
        """
        return self.answer(google.link(caller_in_session(request), **self.validated()))
