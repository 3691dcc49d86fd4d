"""Drawing 3D models: from above a corner, flatly shaded, each dot by what is nearest there.

Everything is plain Python and Pillow: a building of some thousand triangles takes a second or
two, and what would take longer than ``SECONDS`` is not drawn.
"""

import math
import time
from array import array
from collections.abc import Sequence

from PIL import Image, ImageDraw

from catalog.services.glb_geometry import CannotDrawError, Colour, Patch, Point

SIZE = (1200, 900)
# It is drawn this much larger and then made smaller, so that edges are smooth.
FINENESS = 2
WIDTH, HEIGHT = SIZE[0] * FINENESS, SIZE[1] * FINENESS
MARGIN = 0.07
SECONDS = 30.0
SKY, HORIZON = (226, 232, 238), (248, 248, 245)
LINES = (150, 158, 166)
# To the eye, and to the sun.
EYE: Point = (0.6, 0.53, 0.6)
SUN: Point = (0.2, 0.84, 0.5)
SHADE, LIGHT = 0.5, 0.5
OPAQUE = 0xFF000000


def drawing_of(patches: Sequence[Patch], *, seconds: float = SECONDS) -> Image.Image:
    """The picture of ``patches``, 1200 by 900 dots.

    Raises ``CannotDrawError`` for what has no extent or shows only backs, and when drawing takes
    too long.
    """
    end = time.monotonic() + seconds
    camera = _Camera(patches)
    canvas = _Canvas()
    for patch in patches:
        spots = [camera.spot(point) for point in patch.points]
        for corners in patch.corners:
            if time.monotonic() > end:
                raise CannotDrawError("Drawing it takes too long.")
            colour = _colour(patch, corners, camera.eye)
            if colour is not None:
                first, second, third = corners
                canvas.fill(spots[first], spots[second], spots[third], colour)
    if not canvas.has_dots():
        raise CannotDrawError("Nothing of it is seen.")
    return canvas.picture()


def placeholder() -> Image.Image:
    """The picture of a model that cannot be drawn: the outline of a cube."""
    picture = _background()
    pen = ImageDraw.Draw(picture)
    middle, reach = (WIDTH / 2, HEIGHT / 2), HEIGHT / 4
    corners = [
        (
            middle[0] + reach * math.cos(math.radians(angle)),
            middle[1] + reach * math.sin(math.radians(angle)),
        )
        for angle in range(30, 390, 60)
    ]
    for line in ([*corners, *corners[:2]], *([middle, corner] for corner in corners[1::2])):
        pen.line(line, fill=LINES, width=5 * FINENESS, joint="curve")
    return picture.resize(SIZE, Image.Resampling.BOX)


class _Camera:
    """Where points are seen, such that all of them fill the picture."""

    def __init__(self, patches: Sequence[Patch]) -> None:
        self.eye = _unit(EYE)
        self.right = _unit(_cross((0, 1, 0), self.eye))
        self.up = _cross(self.eye, self.right)
        seen = [self._flat(point) for patch in patches for point in patch.points]
        left, right = min(x for x, _ in seen), max(x for x, _ in seen)
        low, high = min(y for _, y in seen), max(y for _, y in seen)
        extent = max((right - left) / WIDTH, (high - low) / HEIGHT)
        if not math.isfinite(extent) or extent <= 0:
            raise CannotDrawError("It has no extent.")
        self.scale = (1 - 2 * MARGIN) / extent
        self.left = WIDTH / 2 - self.scale * (left + right) / 2
        self.top = HEIGHT / 2 + self.scale * (low + high) / 2

    def _flat(self, point: Point) -> tuple[float, float]:
        return _dot(point, self.right), _dot(point, self.up)

    def spot(self, point: Point) -> Point:
        """Where ``point`` is in the picture, and how near."""
        x, y = self._flat(point)
        return self.left + self.scale * x, self.top - self.scale * y, _dot(point, self.eye)


class _Canvas:
    """Dots with their colours, and how near is what they show."""

    def __init__(self) -> None:
        self.near = array("d", [-math.inf]) * (WIDTH * HEIGHT)
        self.dots = array("I", [0]) * (WIDTH * HEIGHT)

    def fill(self, a: Point, b: Point, c: Point, colour: int) -> None:
        """Draw a triangle wherever nothing nearer is drawn."""
        a, b, c = sorted((a, b, c), key=lambda spot: spot[1])
        area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
        if abs(area) < 1e-9:
            return
        step = ((b[2] - a[2]) * (c[1] - a[1]) - (c[2] - a[2]) * (b[1] - a[1])) / area
        fall = ((c[2] - a[2]) * (b[0] - a[0]) - (b[2] - a[2]) * (c[0] - a[0])) / area
        for row in range(max(0, math.ceil(a[1] - 0.5)), min(HEIGHT, math.ceil(c[1] - 0.5))):
            y = row + 0.5
            one = _crossing(a, c, y)
            other = _crossing(a, b, y) if y < b[1] else _crossing(b, c, y)
            left, right = (one, other) if one < other else (other, one)
            first, last = max(0, math.ceil(left - 0.5)), min(WIDTH, math.ceil(right - 0.5))
            if first < last:
                near = a[2] + step * (first + 0.5 - a[0]) + fall * (y - a[1])
                self._span(row * WIDTH + first, last - first, near, step, colour)

    def _span(self, place: int, length: int, near: float, step: float, colour: int) -> None:
        nearest, dots = self.near, self.dots
        for dot in range(place, place + length):
            if near > nearest[dot]:
                nearest[dot] = near
                dots[dot] = colour
            near += step

    def has_dots(self) -> bool:
        """Whether anything was drawn."""
        return any(self.dots)

    def picture(self) -> Image.Image:
        """What was drawn, before the background."""
        drawn = Image.frombytes("RGBA", (WIDTH, HEIGHT), self.dots.tobytes())
        picture = _background()
        picture.paste(drawn, mask=drawn.getchannel("A"))
        return picture.resize(SIZE, Image.Resampling.BOX)


def _colour(patch: Patch, corners: tuple[int, int, int], eye: Point) -> int | None:
    """The colour of a triangle in this light, as a dot of the canvas; None for a hidden back."""
    first, second, third = (patch.points[corner] for corner in corners)
    normal = _cross(_minus(second, first), _minus(third, first))
    length = math.sqrt(_dot(normal, normal))
    if not 0 < length < math.inf:
        return None
    towards = _dot(normal, eye)
    if (towards > 0) == patch.mirrored and not patch.surface.two_sided:
        return None
    side = math.copysign(1 / length, towards)
    light = SHADE + LIGHT * max(0.0, _dot(normal, _unit(SUN)) * side)
    red, green, blue = _shaded(patch.surface.colour, light)
    return OPAQUE | blue << 16 | green << 8 | red


def _shaded(colour: Colour, light: float) -> tuple[int, int, int]:
    red, green, blue = (min(255, round(255 * part * light)) for part in colour)
    return red, green, blue


def _background() -> Image.Image:
    """Paper that is a little darker at the top."""
    paper = Image.new("RGB", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(paper)
    for row in range(HEIGHT):
        part = row / HEIGHT
        shade = (round(a + (b - a) * part) for a, b in zip(SKY, HORIZON, strict=True))
        pen.line((0, row, WIDTH, row), fill=tuple(shade))
    return paper


def _crossing(a: Point, b: Point, y: float) -> float:
    """Where the edge from ``a`` to ``b`` crosses the height ``y``."""
    return a[0] if a[1] == b[1] else a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])


def _minus(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _dot(a: Point, b: Point) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Point, b: Point) -> Point:
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def _unit(a: Point) -> Point:
    length = math.sqrt(_dot(a, a))
    return a[0] / length, a[1] / length, a[2] / length
