"""The triangles of a 3D model as its scene places them, read from binary glTF 2.0.

Files were checked when they were uploaded (``accounts.services.glb``); what is read here is
bounded all the same. The format is that of
https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html, sections 3.5 to 3.7.
"""

import itertools
import json
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

Point = tuple[float, float, float]
Colour = tuple[float, float, float]
# Three rows of four: what a point is multiplied by.
Matrix = tuple[tuple[float, float, float, float], ...]

MAX_TRIANGLES = 150_000
MAX_POINTS = 400_000
HEADER_BYTES, CHUNK_HEAD_BYTES = 12, 8
COMPONENTS = {5120: "b", 5121: "B", 5122: "h", 5123: "H", 5125: "I", 5126: "f"}
# What whole numbers stand for where they are normalised.
LARGEST = {5120: 127, 5121: 255, 5122: 32767, 5123: 65535}
TRIANGLES, STRIP, FAN = 4, 5, 6
PLAIN: Colour = (0.78, 0.78, 0.76)
IDENTITY: Matrix = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0))


class CannotDrawError(Exception):
    """The model is too large to be drawn, or not of a kind that can be."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What triangles are made of: a colour as screens count it, and whether both sides show."""

    colour: Colour = PLAIN
    two_sided: bool = False


@dataclass(frozen=True, slots=True)
class Patch:
    """Triangles of one surface: points of the scene, and numbers of them, three by three.

    ``mirrored`` says that the scene turned the surface inside out.
    """

    points: Sequence[Point]
    corners: Sequence[tuple[int, int, int]]
    surface: Surface
    mirrored: bool


def patches_of(content: BinaryIO) -> list[Patch]:
    """Everything that the scene of a model shows, where it shows it.

    Raises ``CannotDrawError`` for a model of too many triangles or points, for one that stores
    its points in a way that is not read here, and for one that shows nothing.
    """
    try:
        found = list(_Reader(content).patches())
    except (ArithmeticError, LookupError, TypeError, ValueError, struct.error) as error:
        raise CannotDrawError("Its parts do not fit.") from error
    if not any(patch.corners for patch in found):
        raise CannotDrawError("It shows nothing.")
    return found


class _Reader:
    """One file, with its document read; what several nodes share is read once."""

    def __init__(self, content: BinaryIO) -> None:
        self.content = content
        content.seek(HEADER_BYTES)
        length, _ = struct.unpack("<II", content.read(CHUNK_HEAD_BYTES))
        self.document: dict[str, Any] = json.loads(content.read(length))
        self.start = HEADER_BYTES + 2 * CHUNK_HEAD_BYTES + length
        self.triangles = self.points = 0
        self.read: dict[tuple[int, int], Any] = {}

    def patches(self) -> Iterator[Patch]:
        for node, matrix in self._placed():
            mesh = self.document["nodes"][node].get("mesh")
            if mesh is None:
                continue
            for place, primitive in enumerate(self.document["meshes"][mesh]["primitives"]):
                yield from self._patch(mesh, place, primitive, matrix)

    def _placed(self) -> Iterator[tuple[int, Matrix]]:
        """Every node of the scene with what places it; the checked file has no circles."""
        nodes = self.document.get("nodes", [])
        scenes = self.document.get("scenes")
        if scenes:
            roots = scenes[self.document.get("scene", 0)].get("nodes", [])
        else:
            children = {child for node in nodes for child in node.get("children", ())}
            roots = [number for number in range(len(nodes)) if number not in children]
        waiting = [(root, IDENTITY) for root in roots]
        while waiting:
            number, above = waiting.pop()
            matrix = product(above, _own_matrix(nodes[number]))
            yield number, matrix
            waiting += [(child, matrix) for child in nodes[number].get("children", ())]

    def _patch(
        self, mesh: int, place: int, primitive: dict[str, Any], matrix: Matrix
    ) -> Iterator[Patch]:
        mode = primitive.get("mode", TRIANGLES)
        if mode not in {TRIANGLES, STRIP, FAN} or "POSITION" not in primitive["attributes"]:
            return
        if (mesh, place) not in self.read:
            self.read[mesh, place] = self._shape(primitive, mode)
        points, corners = self.read[mesh, place]
        self._count(len(points), len(corners))
        yield Patch(
            points=[_moved(matrix, point) for point in points],
            corners=corners,
            surface=self._surface(primitive.get("material")),
            mirrored=_determinant(matrix) < 0,
        )

    def _shape(
        self, primitive: dict[str, Any], mode: int
    ) -> tuple[list[Point], list[tuple[int, int, int]]]:
        position = self.document["accessors"][primitive["attributes"]["POSITION"]]
        indices = primitive.get("indices")
        count = position["count"] if indices is None else self._accessor(indices)["count"]
        self._count(position["count"], count // 3, keep=False)
        points = [point for point in self._elements(position, 3) if _is_finite(point)]
        if len(points) != position["count"]:
            raise ValueError("A point is nowhere.")
        numbers: Sequence[int] = range(len(points))
        if indices is not None:
            numbers = [int(number) for (number,) in self._elements(self._accessor(indices), 1)]
            if numbers and max(numbers) >= len(points):
                raise ValueError("A corner is not there.")
        return points, _corners(numbers, mode)

    def _count(self, points: int, triangles: int, *, keep: bool = True) -> None:
        """Refuse more than can be drawn, before it is read."""
        if self.points + points > MAX_POINTS or self.triangles + triangles > MAX_TRIANGLES:
            raise CannotDrawError("It has too many triangles.")
        if keep:
            self.points += points
            self.triangles += triangles

    def _accessor(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = self.document["accessors"][number]
        return found

    def _elements(self, accessor: dict[str, Any], width: int) -> Iterator[Any]:
        """The elements of an accessor, each ``width`` numbers."""
        if "sparse" in accessor or "bufferView" not in accessor:
            raise CannotDrawError("It stores its points in a way that is not drawn.")
        component = accessor["componentType"]
        view = self.document["bufferViews"][accessor["bufferView"]]
        packing = struct.Struct(f"<{width}{COMPONENTS[component]}")
        stride = max(view.get("byteStride", packing.size), packing.size)
        place = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
        length = stride * (accessor["count"] - 1) + packing.size
        self.content.seek(self.start + place)
        data = self.content.read(length)
        scale = LARGEST[component] if accessor.get("normalized") else 1
        for number in range(accessor["count"]):
            values = packing.unpack_from(data, number * stride)
            yield values if scale == 1 else tuple(value / scale for value in values)

    def _surface(self, number: int | None) -> Surface:
        if number is None:
            return Surface()
        material = self.document["materials"][number]
        metal = material.get("pbrMetallicRoughness", {})
        factor = metal.get("baseColorFactor")
        if factor is None:
            return Surface(two_sided=bool(material.get("doubleSided")))
        red, green, blue = (min(1.0, max(0.0, float(part))) ** (1 / 2.2) for part in factor[:3])
        return Surface((red, green, blue), bool(material.get("doubleSided")))


def product(first: Matrix, second: Matrix) -> Matrix:
    """What moves a point by ``second`` and then by ``first``."""
    columns = [*zip(*second, strict=True)]
    rows = []
    for row in first:
        values = [sum(row[at] * column[at] for at in range(3)) for column in columns]
        values[3] += row[3]
        rows.append((values[0], values[1], values[2], values[3]))
    return tuple(rows)


def _own_matrix(node: dict[str, Any]) -> Matrix:
    """Where a node is placed in the one above it: by a matrix, or by its three parts."""
    if "matrix" in node:
        flat = [float(value) for value in node["matrix"]]
        # Stored column by column.
        rows = [(flat[at], flat[at + 4], flat[at + 8], flat[at + 12]) for at in range(3)]
        return tuple(rows)
    x, y, z, w = _numbers(node, "rotation", (0, 0, 0, 1))
    wide, high, deep = _numbers(node, "scale", (1, 1, 1))
    right, up, out = _numbers(node, "translation", (0, 0, 0))
    return (
        (
            (1 - 2 * (y * y + z * z)) * wide,
            2 * (x * y - z * w) * high,
            2 * (x * z + y * w) * deep,
            right,
        ),
        (
            2 * (x * y + z * w) * wide,
            (1 - 2 * (x * x + z * z)) * high,
            2 * (y * z - x * w) * deep,
            up,
        ),
        (
            2 * (x * z - y * w) * wide,
            2 * (y * z + x * w) * high,
            (1 - 2 * (x * x + y * y)) * deep,
            out,
        ),
    )


def _numbers(node: dict[str, Any], name: str, usual: Sequence[float]) -> list[float]:
    return [float(value) for value in node.get(name, usual)]


def _moved(matrix: Matrix, point: Point) -> Point:
    x, y, z = point
    (a, b, c, d), (e, f, g, h), (i, j, k, m) = matrix
    return (
        a * x + b * y + c * z + d,
        e * x + f * y + g * z + h,
        i * x + j * y + k * z + m,
    )


def _determinant(matrix: Matrix) -> float:
    (a, b, c, _), (d, e, f, _), (g, h, i, _) = matrix
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def _is_finite(point: Sequence[float]) -> bool:
    return all(math.isfinite(value) for value in point)


def _corners(numbers: Sequence[int], mode: int) -> list[tuple[int, int, int]]:
    """The triangles of a list of corners, each counter-clockwise as seen from its front."""
    if mode == TRIANGLES:
        third = iter(numbers)
        return list(zip(third, third, third, strict=False))
    if mode == FAN:
        return [(numbers[0], first, second) for first, second in itertools.pairwise(numbers[1:])]
    return [
        (numbers[at], numbers[at + 1 + at % 2], numbers[at + 2 - at % 2])
        for at in range(len(numbers) - 2)
    ]
