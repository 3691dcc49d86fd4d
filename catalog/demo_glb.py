"""3D models of the demo, made of boxes: a tower floor by floor, a home room by room.

The container is binary glTF 2.0 (https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html,
section 4.4); every box is the same cube, moved and stretched by its node.
"""

import io
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.demo_drawings import Look, as_jpeg, mixed, rgb
from catalog.demo_plans import FLOORS, HOMES, extent

STOREY = 3.4
BAY = 6.0
WALL_HIGH = 2.6
WALL_THICK = 0.15
HEADER_BYTES, CHUNK_HEAD_BYTES = 12, 8
JSON_CHUNK, BINARY_CHUNK = 0x4E4F534A, 0x004E4942
FLOAT, UNSIGNED_SHORT = 5126, 5123
ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER = 34962, 34963
# Each side of a cube: the direction that it faces, and its corners counter-clockwise.
SIDES = (
    ((1, 0, 0), ((1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1))),
    ((-1, 0, 0), ((0, 0, 1), (0, 1, 1), (0, 1, 0), (0, 0, 0))),
    ((0, 1, 0), ((0, 1, 0), (0, 1, 1), (1, 1, 1), (1, 1, 0))),
    ((0, -1, 0), ((0, 0, 1), (0, 0, 0), (1, 0, 0), (1, 0, 1))),
    ((0, 0, 1), ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1))),
    ((0, 0, -1), ((1, 0, 0), (0, 0, 0), (0, 1, 0), (1, 1, 0))),
)


@dataclass(frozen=True, slots=True)
class Box:
    """A box of one colour: where it begins and how large it is, in metres; y points up."""

    name: str
    colour: str
    place: tuple[float, float, float]
    size: tuple[float, float, float]


def tower(look: Look) -> list[Box]:
    """The towers of ``look``: floors of glass between slabs, and lighter towards the top."""
    boxes = [Box("Ground", look.ground, (-12, -0.4, -12), (ground_of(look), 0.4, 46))]
    left = 0.0
    for number, (floors, bays) in enumerate(look.towers):
        block = "ABC"[number]
        wide = bays * BAY
        for floor in range(floors):
            tint = "#{:02x}{:02x}{:02x}".format(*mixed(look.glass, "#ffffff", floor / floors / 2))
            low = floor * STOREY
            glass = Box(
                f"{block} floor {floor + 1}", tint, (left + 0.6, low, 0.6), (wide - 1.2, 3, 18.8)
            )
            slab = Box(f"{block} slab {floor + 1}", look.wall, (left, low + 3, 0), (wide, 0.4, 20))
            boxes += [glass, slab]
        roof = (left + wide / 2 - 4, floors * STOREY, 6)
        boxes.append(Box(f"{block} roof", look.accent, roof, (8, 3, 8)))
        left += wide + 18
    return boxes


def ground_of(look: Look) -> float:
    """How wide the ground has to be."""
    return sum(bays * BAY + 18 for _, bays in look.towers) + 6


def home(kind: str, accent: str) -> list[Box]:
    """A home without its ceiling: floors by the use of each room, and the walls between them."""
    rooms = HOMES[kind]
    left, top, right, bottom = extent(rooms)
    base = (right - left + 1, 0.2, bottom - top + 1)
    boxes = [Box("Slab", "#b7b1a6", (left - 0.5, -0.2, top - 0.5), base)]
    for room in rooms:
        place, size = (room.x, 0, room.y), (room.wide, 0.06, room.deep)
        boxes.append(Box(room.name, FLOORS[room.kind], place, size))
        if room.kind == "balcony":
            rail = (room.wide, 1.0, 0.06)
            boxes.append(Box(f"{room.name} rail", accent, (room.x, 0, room.y), rail))
            continue
        for side, (x, z, wide, deep) in {
            "north": (room.x, room.y, room.wide, WALL_THICK),
            "west": (room.x, room.y, WALL_THICK, room.deep),
        }.items():
            wall = Box(f"{room.name} {side}", "#f4f0e8", (x, 0, z), (wide, WALL_HIGH, deep))
            boxes.append(wall)
    return boxes


def glb(boxes: Sequence[Box]) -> bytes:
    """The boxes as one binary glTF file."""
    corners = [corner for _, side in SIDES for corner in side]
    normals = [normal for normal, side in SIDES for _ in side]
    indices = [4 * side + at for side in range(len(SIDES)) for at in (0, 1, 2, 0, 2, 3)]
    content = b"".join(
        [struct.pack("<3f", *point) for point in (*corners, *normals)]
        + [struct.pack("<H", index) for index in indices]
    )
    colours = sorted({box.colour for box in boxes})
    document = _document(boxes, colours, vertices=len(corners), indices=len(indices))
    document["buffers"] = [{"byteLength": len(content)}]
    return _container(document, content)


def _document(
    boxes: Sequence[Box], colours: Sequence[str], *, vertices: int, indices: int
) -> dict[str, Any]:
    """What the file consists of: one mesh per colour, one node per box."""
    points = 12 * vertices
    common = {"bufferView": 0, "componentType": FLOAT, "count": vertices, "type": "VEC3"}
    return {
        "asset": {"version": "2.0", "generator": "Courtyard demo"},
        "scene": 0,
        "scenes": [{"nodes": list(range(len(boxes)))}],
        "nodes": [_node(box, colours) for box in boxes],
        "meshes": [
            {
                "primitives": [
                    {"attributes": {"POSITION": 0, "NORMAL": 1}, "indices": 2, "material": number}
                ]
            }
            for number in range(len(colours))
        ],
        "materials": [_material(colour) for colour in colours],
        "accessors": [
            {**common, "min": [0, 0, 0], "max": [1, 1, 1]},
            {**common, "byteOffset": points},
            {"bufferView": 1, "componentType": UNSIGNED_SHORT, "count": indices, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": 2 * points, "byteStride": 12, "target": ARRAY_BUFFER},
            {
                "buffer": 0,
                "byteOffset": 2 * points,
                "byteLength": 2 * indices,
                "target": ELEMENT_ARRAY_BUFFER,
            },
        ],
    }


def _node(box: Box, colours: Sequence[str]) -> dict[str, Any]:
    """A box: the cube of its colour, moved and stretched."""
    return {
        "name": box.name,
        "mesh": colours.index(box.colour),
        "translation": list(box.place),
        "scale": list(box.size),
    }


def _material(colour: str) -> dict[str, Any]:
    """glTF counts light linearly, so what is written as sRGB is raised to 2.2."""
    parts = [round((part / 255) ** 2.2, 4) for part in rgb(colour)]
    surface = {"baseColorFactor": [*parts, 1], "metallicFactor": 0.1, "roughnessFactor": 0.7}
    return {"name": colour, "pbrMetallicRoughness": surface}


def _container(document: dict[str, Any], content: bytes) -> bytes:
    words = json.dumps(document, separators=(",", ":")).encode()
    words += b" " * (-len(words) % 4)
    content += b"\0" * (-len(content) % 4)
    length = HEADER_BYTES + 2 * CHUNK_HEAD_BYTES + len(words) + len(content)
    return b"".join(
        [
            struct.pack("<4sII", b"glTF", 2, length),
            struct.pack("<II", len(words), JSON_CHUNK),
            words,
            struct.pack("<II", len(content), BINARY_CHUNK),
            content,
        ]
    )


def preview(boxes: Sequence[Box]) -> bytes:
    """The boxes seen from above the corner, as JPEG."""
    from PIL import Image, ImageDraw

    size, margin = (1200, 900), 90
    image = Image.new("RGB", size, "#eef1ee")
    spots = [_flat(point) for box in boxes for point in _corners(box)]
    left, right = min(x for x, _ in spots), max(x for x, _ in spots)
    top, bottom = min(y for _, y in spots), max(y for _, y in spots)
    scale = min((size[0] - margin) / (right - left), (size[1] - margin) / (bottom - top))
    shift_x = (size[0] - scale * (right + left)) / 2
    shift_y = (size[1] - scale * (bottom + top)) / 2
    draw = ImageDraw.Draw(image)
    for box in sorted(boxes, key=_depth):
        spots = [(shift_x + scale * x, shift_y + scale * y) for x, y in map(_flat, _corners(box))]
        for (at, shade), edge in zip(FACES.items(), (0.12, 0.2, 0.3), strict=True):
            tint = mixed(box.colour, "#1f262b", shade)
            outline = mixed(box.colour, "#1f262b", edge + 0.1)
            draw.polygon([spots[corner] for corner in at], fill=tint, outline=outline)
    buffer = io.BytesIO(as_jpeg(image))
    return buffer.getvalue()


# The three sides that one sees, by the numbers of their corners, and how dark each is.
FACES = {(4, 5, 7, 6): 0.0, (2, 3, 7, 6): 0.12, (1, 3, 7, 5): 0.28}


def _corners(box: Box) -> list[tuple[float, float, float]]:
    """Corners numbered by bits: 1 for the far x, 2 for the far z, 4 for the top."""
    (x, y, z), (wide, high, deep) = box.place, box.size
    return [
        (x + wide * (at & 1), y + high * (at >> 2 & 1), z + deep * (at >> 1 & 1)) for at in range(8)
    ]


def _flat(point: tuple[float, float, float]) -> tuple[float, float]:
    """Where a point is seen from above the corner at which x and z are largest."""
    x, y, z = point
    return 0.866 * (x - z), 0.5 * (x + z) - y


def _depth(box: Box) -> tuple[float, float]:
    """Far boxes first: from the ground up, and towards the corner one looks from."""
    (x, y, z), (wide, _, deep) = box.place, box.size
    return y if y < 0 else x + wide / 2 + z + deep / 2 + 1000 * (wide > 15 or y > 10), y
