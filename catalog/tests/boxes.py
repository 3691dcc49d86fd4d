"""3D models for tests, made of boxes, each a node that places the same cube."""

import json
import struct
from collections.abc import Sequence
from typing import Any

from accounts.tests.files import packed

Box = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
# Each side of a cube, its corners counter-clockwise from outside.
SIDES = (
    ((1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)),
    ((0, 0, 1), (0, 1, 1), (0, 1, 0), (0, 0, 0)),
    ((0, 1, 0), (0, 1, 1), (1, 1, 1), (1, 1, 0)),
    ((0, 0, 1), (0, 0, 0), (1, 0, 0), (1, 0, 1)),
    ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
    ((1, 0, 0), (0, 0, 0), (0, 1, 0), (1, 1, 0)),
)


def boxes_glb(boxes: Sequence[Box], **changes: Any) -> bytes:
    """Boxes as binary glTF: for each its place, its size and its colour, which is linear."""
    document, content = boxes_document(boxes)
    return packed(json.dumps({**document, **changes}).encode(), content)


def boxes_document(boxes: Sequence[Box]) -> tuple[dict[str, Any], bytes]:
    """The document and the buffer of ``boxes_glb``."""
    corners = b"".join(struct.pack("<3f", *corner) for side in SIDES for corner in side)
    numbers = [4 * side + at for side in range(6) for at in (0, 1, 2, 0, 2, 3)]
    content = corners + struct.pack(f"<{len(numbers)}H", *numbers)
    mesh = {"attributes": {"POSITION": 0}, "indices": 1}
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(boxes)))}],
        "nodes": [
            {"mesh": number, "translation": list(place), "scale": list(size)}
            for number, (place, size, _) in enumerate(boxes)
        ],
        "meshes": [{"primitives": [{**mesh, "material": number}]} for number in range(len(boxes))],
        "materials": [
            {"pbrMetallicRoughness": {"baseColorFactor": [*colour, 1]}} for _, _, colour in boxes
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 24, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 36, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": len(corners)},
            {"buffer": 0, "byteOffset": len(corners), "byteLength": 2 * len(numbers)},
        ],
        "buffers": [{"byteLength": len(content)}],
    }
    return document, content
