"""The answers to a proof, by what came of it: tokens, a code that was sent, a second factor."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.response import Response

from accounts.api.serializers.codes import OTPResponse, OTPVerified
from accounts.api.serializers.sign_in import SecondFactorRequired, Token, TokenResponse
from accounts.services.code_sign_in import Verified
from accounts.services.codes import Issued
from accounts.services.sign_in import SecondFactorNeeded, SignedIn

ACCEPTED = 202


def signed_in(outcome: SignedIn | SecondFactorNeeded | Issued) -> Response:
    """Tokens, the challenge of a second factor, or the challenge of a code that was sent."""
    if isinstance(outcome, SignedIn):
        return Response(TokenResponse(outcome.tokens).data)
    return _asked(outcome)


def code_shown(outcome: SignedIn | SecondFactorNeeded | Verified) -> Response:
    """Tokens with what they say, the challenge of a second factor, or that it is verified."""
    if isinstance(outcome, SignedIn):
        return Response(Token(outcome.tokens).data)
    if isinstance(outcome, Verified):
        return Response(OTPVerified(outcome).data)
    return _asked(outcome)


def confirmed(issued: Issued | None) -> Response:
    """Nothing more to say, or the challenge of a code that was sent."""
    return Response(status=204) if issued is None else _asked(issued)


def _asked(outcome: SecondFactorNeeded | Issued) -> Response:
    if isinstance(outcome, SecondFactorNeeded):
        return Response(SecondFactorRequired(outcome).data)
    return Response(OTPResponse(outcome).data, status=ACCEPTED)


def one_of(name: str, *serializers: Any) -> PolymorphicProxySerializer:
    """The schema of a body that has one of several shapes."""
    return PolymorphicProxySerializer(
        component_name=name, serializers=list(serializers), resource_type_field_name=None
    )
