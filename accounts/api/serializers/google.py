"""Sign-in with Google: started, answered, linked."""

from typing import Any

from rest_framework import serializers

from accounts.api.serializers.codes import CHALLENGE
from config.shared.errors import InvalidInputError
from config.shared.serializers import Serializer

LONGEST_CODE = 2048
LONGEST_TOKEN = 8192
START_EXAMPLE = {"redirect_uri": "https://courtyard.example/signed-in"}
STARTED_EXAMPLE = {
    "challenge_id": CHALLENGE,
    "state": "p2sI8r0Jm0f3WQh1mC5vX9bT",
    "nonce": "Zk4w8c1qY7uV2nR6eL0aD3gH",
    "authorization_url": "https://accounts.google.com/o/oauth2/v2/auth?client_id=courtyard",
    "expires_in": 600,
}
ANSWER_EXAMPLE = {"challenge_id": CHALLENGE, "code": "4/0AeanS0a"}
LINK_EXAMPLE = {"link_token": CHALLENGE}


class GoogleStart(Serializer):
    """Where the browser comes back to: an address of this site, or one that it allows."""

    redirect_uri = serializers.CharField(max_length=500)


class GoogleStarted(Serializer):
    """Where to send the browser, and what to keep until it is back.

    Keep ``challenge_id`` to yourself, and compare ``state`` with the one that comes back. Programs
    that ask Google themselves pass on ``nonce``.
    """

    challenge_id = serializers.UUIDField(read_only=True)
    state = serializers.CharField(read_only=True)
    nonce = serializers.CharField(read_only=True)
    authorization_url = serializers.CharField(read_only=True)
    expires_in = serializers.IntegerField(read_only=True)


class GoogleAnswer(Serializer):
    """What Google gave: an authorization code, or an identity token with our nonce."""

    challenge_id = serializers.UUIDField()
    code = serializers.CharField(max_length=LONGEST_CODE, required=False)
    id_token = serializers.CharField(max_length=LONGEST_TOKEN, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        return one_answer(attrs)


class GoogleLink(Serializer):
    """A link token from a sign-in that was refused, or Google's answer to a sign-in of yours."""

    link_token = serializers.UUIDField(required=False)
    challenge_id = serializers.UUIDField(required=False)
    code = serializers.CharField(max_length=LONGEST_CODE, required=False)
    id_token = serializers.CharField(max_length=LONGEST_TOKEN, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The link token, or the challenge with an answer."""
        if "link_token" in attrs:
            return {"link_token": attrs["link_token"]}
        if "challenge_id" not in attrs:
            raise InvalidInputError.at(
                "/link_token", "required", "A link token, or a challenge with Google's answer."
            )
        return one_answer(attrs)


def one_answer(attrs: dict[str, Any]) -> dict[str, Any]:
    """``attrs``, if exactly one of code and token is in it."""
    if ("code" in attrs) == ("id_token" in attrs):
        raise InvalidInputError.at("/code", "required", "Either a code or an identity token.")
    return attrs
