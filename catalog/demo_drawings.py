"""Pictures of buildings, drawn by Pillow: facades, and the site as it rises."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

SIZE = (1600, 1000)
# Pictures are kept this much smaller than they are drawn, which smooths their edges.
SHRUNK = 1.25
HORIZON = 760
CONCRETE = ("#a9a49b", "#8d887f")
Colour = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """How a building looks: its colours, and how many floors and bays its towers have."""

    wall: str
    glass: str
    accent: str
    sky: tuple[str, str]
    ground: str
    towers: Sequence[tuple[int, int]] = ((18, 6),)
    water: bool = False


def rgb(colour: str) -> Colour:
    """The parts of a colour such as ``#27524f``."""
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def mixed(one: str | Colour, other: str | Colour, share: float) -> Colour:
    """``one`` with so much of ``other``."""
    first = rgb(one) if isinstance(one, str) else one
    second = rgb(other) if isinstance(other, str) else other
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return (red, green, blue)


def as_jpeg(image: Any) -> bytes:
    """The drawing, smaller, as a file."""
    from PIL import Image

    buffer = io.BytesIO()
    smaller = (round(image.width / SHRUNK), round(image.height / SHRUNK))
    image.resize(smaller, Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=86)
    return buffer.getvalue()


def facade(look: Look, chance: Random) -> bytes:
    """The finished buildings, as the brochure shows them."""
    image, draw = _landscape(look, chance)
    _towers(draw, look, chance, raised=1.0, glazed=1.0)
    _garden(draw, look, chance)
    if look.water:
        _reflect(image)
    return as_jpeg(image)


def site(look: Look, chance: Random, *, raised: float, glazed: float) -> bytes:
    """The same place under construction: ``raised`` and ``glazed`` are shares of the height."""
    image, draw = _landscape(look, chance)
    draw.polygon(
        [(0, HORIZON), (SIZE[0], HORIZON - 6), (SIZE[0], SIZE[1]), (0, SIZE[1])], fill="#b59a74"
    )
    for _ in range(90):
        x, y = chance.randrange(SIZE[0]), chance.randrange(HORIZON + 10, SIZE[1])
        wide = chance.randrange(20, 120)
        draw.ellipse((x, y, x + wide, y + wide / 6), fill=mixed("#b59a74", "#7d6849", 0.35))
    if raised == 0:
        _pit(draw, look)
    _crane(draw, 1290, top=150)
    _towers(draw, look, chance, raised=raised, glazed=glazed)
    _crane(draw, 205, top=250)
    _hoarding(draw, look)
    return as_jpeg(image)


def _landscape(look: Look, chance: Random) -> tuple[Any, Any]:
    """Sky, sun, and other people's towers far away."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    for y in range(SIZE[1]):
        draw.line((0, y, SIZE[0], y), fill=mixed(*look.sky, min(1.0, y / HORIZON)))
    for size in range(150, 50, -3):
        tint = mixed(mixed(*look.sky, 0.25), "#fff3d6", 1 - size / 165)
        draw.ellipse((1330 - size, 190 - size, 1330 + size, 190 + size), fill=tint)
    for depth, share in ((0, 0.24), (1, 0.42)):
        x = -40
        while x < SIZE[0]:
            wide, tall = chance.randrange(50, 120), chance.randrange(70, 250 - 90 * depth)
            tint = mixed(look.sky[1], "#5f7180", share)
            draw.rectangle((x, HORIZON - tall, x + wide, HORIZON), fill=tint)
            x += wide + chance.randrange(4, 70)
    draw.rectangle((0, HORIZON, *SIZE), fill=look.ground)
    return image, draw


def _towers(draw: Any, look: Look, chance: Random, *, raised: float, glazed: float) -> None:
    """Every tower of ``look``, side by side."""
    room = 1000 / len(look.towers)
    for number, (floors, bays) in enumerate(look.towers):
        high = min(34.0, 590 / floors)
        wide = min(64.0, room * 0.72 / (bays + 1.6))
        left = 300 + room * number + (room - wide * (bays + 1.6)) / 2
        tower = _Tower(draw, look, (left, wide, high, floors, bays))
        tower.draw_all(chance, round(floors * raised), round(floors * glazed))


class _Tower:
    """One tower seen from its corner: a broad front, and a side that recedes."""

    def __init__(self, draw: Any, look: Look, sizes: tuple[float, float, float, int, int]) -> None:
        self.draw, self.look = draw, look
        self.left, self.wide, self.high, self.floors, self.bays = sizes
        self.base = HORIZON + 26
        self.right = self.left + self.wide * self.bays
        self.depth = (self.wide * 1.6, -self.wide * 0.34)

    def front(self, bay: float, floor: float) -> Point:
        """A point of the front, in bays from the left and floors from the ground."""
        return self.left + bay * self.wide, self.base - floor * self.high

    def side(self, share: float, floor: float) -> Point:
        """A point of the side; it sinks a little towards the back."""
        lower = 1 - 0.07 * share
        x, y = self.depth
        return self.right + share * x, self.base + share * y - floor * self.high * lower

    def draw_all(self, chance: Random, raised: int, glazed: int) -> None:
        """The skeleton as far as it has risen, and the facade as far as it is closed."""
        for floor in range(raised):
            if floor < glazed:
                self._closed(floor, chance)
            else:
                self._open(floor)
        if raised == self.floors and glazed == self.floors:
            self._crown()

    def _quad(self, place: Any, spans: tuple[float, float, float, float], fill: Any) -> None:
        start, end, low, top = spans
        corners = [place(start, low), place(end, low), place(end, top), place(start, top)]
        self.draw.polygon(corners, fill=fill)

    def _closed(self, floor: int, chance: Random) -> None:
        wall, glass = self.look.wall, self.look.glass
        shade = floor / self.floors * 0.22
        self._quad(self.front, (0, self.bays, floor, floor + 1), mixed(wall, "#ffffff", shade))
        self._quad(self.side, (0, 1, floor, floor + 1), mixed(wall, "#2b2f36", 0.34 - shade / 2))
        for bay in range(self.bays):
            pane = mixed(glass, "#ffffff", shade + chance.random() * 0.22)
            if chance.random() < 0.08:
                pane = mixed("#ffd98a", glass, 0.25)
            self._quad(self.front, (bay + 0.1, bay + 0.9, floor + 0.16, floor + 0.86), pane)
            if bay % 3 == 1:
                rail = (bay + 0.02, bay + 0.98, floor + 0.08, floor + 0.4)
                self._quad(self.front, rail, mixed(self.look.accent, "#ffffff", 0.2))
        for part in range(4):
            pane = mixed(glass, "#1d2a33", 0.32 + chance.random() * 0.18)
            spans = (part / 4 + 0.04, part / 4 + 0.21, floor + 0.16, floor + 0.86)
            self._quad(self.side, spans, pane)

    def _open(self, floor: int) -> None:
        light, dark = CONCRETE
        inside = mixed(dark, "#26221c", 0.55)
        self._quad(self.front, (0, self.bays, floor, floor + 1), inside)
        self._quad(self.side, (0, 1, floor, floor + 1), mixed(inside, "#15120e", 0.35))
        for bay in range(self.bays + 1):
            post = (max(0, bay - 0.07), min(self.bays, bay + 0.07), floor, floor + 1)
            self._quad(self.front, post, mixed(light, "#000000", 0.14))
        for part in range(5):
            start = min(0.95, part / 4)
            self._quad(
                self.side, (start, start + 0.05, floor, floor + 1), mixed(dark, "#000000", 0.3)
            )
        self._quad(self.front, (-0.06, self.bays, floor + 0.84, floor + 1.02), light)
        self._quad(self.side, (0, 1, floor + 0.84, floor + 1.02), dark)

    def _crown(self) -> None:
        top = self.floors
        self._quad(self.front, (0, self.bays, top - 0.1, top + 0.18), self.look.accent)
        self._quad(
            self.side, (0, 1, top - 0.1, top + 0.18), mixed(self.look.accent, "#000000", 0.3)
        )
        self._quad(self.front, (0, self.bays, 0, 1.25), mixed(self.look.wall, "#3a3026", 0.45))
        for bay in range(self.bays):
            self._quad(
                self.front, (bay + 0.12, bay + 0.88, 0, 1.05), mixed("#ffe2a6", "#7a5a2a", 0.2)
            )


def _garden(draw: Any, look: Look, chance: Random) -> None:
    """Palms and shrubs before the building, or a quay where there is water."""
    if look.water:
        draw.rectangle(
            (0, HORIZON + 22, SIZE[0], HORIZON + 46), fill=mixed(look.wall, "#5a5248", 0.5)
        )
    for x in range(30, SIZE[0], 92):
        _tree(draw, look, x + chance.randrange(-26, 26), 64 + chance.randrange(46))
    if not look.water:
        draw.polygon(
            [(560, SIZE[1]), (1060, SIZE[1]), (850, HORIZON + 26), (780, HORIZON + 26)],
            fill=mixed(look.ground, "#efe6d4", 0.6),
        )


def _tree(draw: Any, look: Look, x: float, tall: float) -> None:
    foot = HORIZON + 34
    leaf = mixed("#3f6b3a", look.ground, 0.22)
    draw.line((x, foot, x, foot - tall), fill="#5b4636", width=7)
    for radius, shift, share in ((30, -17, 0.0), (27, 19, 0.1), (36, 0, 0.2)):
        middle = (x + shift, foot - tall - abs(shift) * 0.2)
        box = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
        draw.ellipse(box, fill=mixed(leaf, "#cfe0a8", share))


def _reflect(image: Any) -> None:
    """What stands at the quay, again in the water below it."""
    from PIL import Image, ImageFilter, ImageOps

    top = HORIZON + 46
    deep = SIZE[1] - top
    mirrored = ImageOps.flip(image.crop((0, top - 2 * deep, SIZE[0], top)))
    mirrored = mirrored.resize((SIZE[0], deep)).filter(ImageFilter.GaussianBlur(5))
    tint = Image.new("RGB", mirrored.size, "#2f6a80")
    water = Image.blend(mirrored, tint, 0.5)
    for y in range(0, deep, 9):
        strip = water.crop((0, y, SIZE[0], min(deep, y + 4)))
        water.paste(strip, ((y * 37) % 15 - 7, y))
    image.paste(water, (0, top))


def _crane(draw: Any, x: int, *, top: int) -> None:
    """A tower crane."""
    steel = "#d9a21b"
    for offset in (-9, 9):
        draw.line((x + offset, top, x + offset, HORIZON + 30), fill=steel, width=4)
    for y in range(top, HORIZON + 20, 22):
        draw.line((x - 9, y, x + 9, y + 22), fill=steel, width=3)
    for y in (top, top + 20):
        draw.line((x - 130, y, x + 360, y), fill=steel, width=4)
    for step in range(x - 130, x + 350, 26):
        draw.line((step, top + 20, step + 13, top), fill=steel, width=2)
        draw.line((step + 13, top, step + 26, top + 20), fill=steel, width=2)
    draw.polygon([(x - 9, top), (x + 9, top), (x, top - 58)], fill=steel)
    for end in (x - 120, x + 330):
        draw.line((x, top - 56, end, top), fill="#555555", width=2)
    draw.rectangle((x - 128, top + 20, x - 84, top + 58), fill="#77736b")
    draw.line((x + 270, top + 20, x + 270, top + 150), fill="#444444", width=2)
    draw.rectangle((x + 246, top + 150, x + 294, top + 168), fill="#8a5a33")


def _pit(draw: Any, look: Look) -> None:
    """The excavation, with the first piles."""
    edge, floor = "#8a6f4c", "#6d5638"
    draw.polygon([(260, 800), (1380, 790), (1290, 940), (350, 950)], fill=edge)
    draw.polygon([(330, 826), (1310, 818), (1240, 926), (400, 934)], fill=floor)
    for row in range(3):
        for column in range(9):
            x, y = 430 + column * 92 - row * 8, 846 + row * 30
            draw.rectangle((x, y - 34, x + 20, y), fill=CONCRETE[0])
            draw.line((x + 5, y - 34, x + 5, y - 56), fill=look.accent, width=3)
            draw.line((x + 14, y - 34, x + 14, y - 56), fill=look.accent, width=3)


def _hoarding(draw: Any, look: Look) -> None:
    """The fence of the site."""
    for x in range(0, SIZE[0], 100):
        tint = look.accent if x % 200 else mixed(look.accent, "#ffffff", 0.16)
        draw.rectangle((x, 944, x + 98, SIZE[1]), fill=tint)
    draw.rectangle((0, 938, SIZE[0], 946), fill="#efe9dc")
