"""What the homes journey brings along: clients with keys of their own, files, and a 3D model."""

import io
import json
import struct
from typing import Any
from uuid import uuid4

import httpx2
from identity import Courtyard, JourneyError, picture
from PIL import Image


class Person(Courtyard):
    """A client of one person, who never sends the same thing twice by accident."""

    def post(self, path: str, body: Any = None, *, expect: int = 200) -> Any:
        """One POST with a key of its own."""
        headers = {
            "Authorization": f"Bearer {self.tokens['access_token']}",
            "Idempotency-Key": uuid4().hex,
        }
        answer = self.http.post(path, json=body or {}, headers=headers)
        if answer.status_code != expect:
            raise JourneyError(f"POST {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None

    def bring(self, kind: str, purpose: str, content: bytes, content_type: str) -> str:
        """Upload a file in two steps; returns its identifier once it is checked."""
        about = {"name": f"{purpose}.bin", "kind": kind, "purpose": purpose}
        about |= {"size": len(content), "content_type": content_type}
        announced = self.ask("POST", "media/", about, expect=201)
        target = announced["upload"]
        httpx2.request(
            target["method"], target["url"], content=content, headers=target["headers"]
        ).raise_for_status()
        self.ask("POST", f"media/{announced['id']}/complete/")
        return str(announced["id"])

    def photograph(self, purpose: str, words: str) -> str:
        return self.bring("image", purpose, picture(words), "image/png")

    def paper(self, words: str) -> str:
        """A signed paper, as a PDF."""
        file = io.BytesIO()
        Image.open(io.BytesIO(picture(words))).save(file, "PDF")
        return self.bring("document", "contract", file.getvalue(), "application/pdf")

    def file(self, path: str) -> bytes:
        """What is to be downloaded at ``path``."""
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        answer = self.http.get(path, headers=headers)
        if answer.status_code != 200:
            raise JourneyError(f"GET {path}: {answer.status_code} {answer.text[:500]}")
        return answer.content

    def pay(self, instalment: dict[str, Any]) -> Any:
        """Pay all that is left, through the test gateway."""
        begun = self.post("payments/", {"instalment": instalment["id"]}, expect=201)
        return self.post(f"payments/{begun['id']}/simulate/", {"outcome": "succeed"})

    def parts_of(self, booking: str) -> list[dict[str, Any]]:
        answer = self.ask("GET", f"bookings/{booking}/instalments/")
        found: list[dict[str, Any]] = answer["results"] if isinstance(answer, dict) else answer
        return found


def check(holds: bool, sentence: str) -> None:
    """Stop unless what a person would expect holds."""
    if not holds:
        raise JourneyError(sentence)


def tower() -> bytes:
    """A box of thirty floors as a binary glTF file: header, JSON and one buffer."""
    corners = [(x, y, z) for x in (-8.0, 8.0) for y in (0.0, 96.0) for z in (-8.0, 8.0)]
    faces = [0, 1, 3, 0, 3, 2, 4, 6, 7, 4, 7, 5, 0, 4, 5, 0, 5, 1]
    faces += [2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 5, 7, 1, 7, 3]
    points = b"".join(struct.pack("<3f", *corner) for corner in corners)
    indices = struct.pack(f"<{len(faces)}H", *faces)
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "buffers": [{"byteLength": len(points) + len(indices)}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": len(points)},
            {"buffer": 0, "byteOffset": len(points), "byteLength": len(indices)},
        ],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": len(corners),
                "type": "VEC3",
                "min": [-8.0, 0.0, -8.0],
                "max": [8.0, 96.0, 8.0],
            },
            {"bufferView": 1, "componentType": 5123, "count": len(faces), "type": "SCALAR"},
        ],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    data = points + indices
    data += b"\0" * (-len(data) % 4)
    size = 12 + 8 + len(text) + 8 + len(data)
    head = struct.pack("<4sII", b"glTF", 2, size)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    return head + chunks + struct.pack("<I4s", len(data), b"BIN\0") + data
