"""A passkey in software: makes keys and signs as an authenticator does (WebAuthn, level 2)."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from rest_framework.test import APIClient

ORIGIN = "http://127.0.0.1:8000"
HOST = "127.0.0.1"
USER_PRESENT = 0x01
USER_VERIFIED = 0x04
ATTESTED = 0x40
ES256 = -7


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftwareAuthenticator:
    """One device with one passkey, used in a browser at ``origin``.

    ``flags`` and ``host`` are what it signs; change them to be caught. ``step`` is by how much
    the counter rises at each use.
    """

    origin: str = ORIGIN
    host: str = HOST
    flags: int = USER_PRESENT | USER_VERIFIED
    counter: int = 0
    step: int = 1
    framed: bool = False
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    user_handle: bytes = b""

    def register(self, public_key: dict[str, Any]) -> dict[str, Any]:
        """What ``navigator.credentials.create`` gives for these options."""
        self.user_handle = decoded(public_key["user"]["id"])
        client_data = self._client_data("webauthn.create", public_key["challenge"])
        attested = (
            bytes(16)
            + struct.pack(">H", len(self.credential_id))
            + self.credential_id
            + cbor2.dumps(self._cose_key())
        )
        authenticator_data = self._authenticator_data(ATTESTED) + attested
        statement = {"fmt": "none", "attStmt": {}, "authData": authenticator_data}
        return self._credential(
            clientDataJSON=encoded(client_data),
            attestationObject=encoded(cbor2.dumps(statement)),
            transports=["internal", "hybrid", "telepathy"],
        )

    def sign(self, public_key: dict[str, Any]) -> dict[str, Any]:
        """What ``navigator.credentials.get`` gives for these options."""
        self.counter += self.step
        client_data = self._client_data("webauthn.get", public_key["challenge"])
        authenticator_data = self._authenticator_data()
        signed = authenticator_data + hashlib.sha256(client_data).digest()
        return self._credential(
            clientDataJSON=encoded(client_data),
            authenticatorData=encoded(authenticator_data),
            signature=encoded(self.key.sign(signed, ec.ECDSA(SHA256()))),
            userHandle=encoded(self.user_handle),
        )

    def _credential(self, **response: Any) -> dict[str, Any]:
        return {
            "id": encoded(self.credential_id),
            "rawId": encoded(self.credential_id),
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }

    def _client_data(self, kind: str, challenge: str) -> bytes:
        data = {
            "type": kind,
            "challenge": challenge,
            "origin": self.origin,
            "crossOrigin": self.framed,
        }
        return json.dumps(data).encode()

    def _authenticator_data(self, more: int = 0) -> bytes:
        host_hash = hashlib.sha256(self.host.encode()).digest()
        return host_hash + struct.pack(">BI", self.flags | more, self.counter)

    def _cose_key(self) -> dict[int, Any]:
        numbers = self.key.public_key().public_numbers()
        return {
            1: 2,
            3: ES256,
            -1: 1,
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }


def enrol_passkey(owner: APIClient, device: SoftwareAuthenticator) -> None:
    """Make ``device`` a passkey of whoever ``owner`` speaks for, who has signed in freshly."""
    asked = owner.post("/api/v1/auth/passkeys/options/").json()
    credential = device.register(asked["public_key"])
    body = {"challenge_id": asked["challenge_id"], "credential": credential}
    assert owner.post("/api/v1/auth/passkeys/", body).status_code == 201


def passkey_answer(device: SoftwareAuthenticator) -> dict[str, Any]:
    """A body that signs in with ``device``."""
    asked = APIClient().post("/api/v1/auth/passkeys/sign-in/options/").json()
    return {
        "challenge_id": asked["challenge_id"],
        "credential": device.sign(asked["public_key"]),
    }
