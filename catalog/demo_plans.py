"""Homes from above: the rooms of each kind of home, and the floor plan that shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.demo_drawings import as_jpeg, mixed

PAPER, WALL, LINE = "#fbf8f1", "#2f3438", "#8b8f92"
MARGIN = 110
WIDTH = 1600
FLOORS = {
    "living": "#efe3cd",
    "bed": "#e4e8ee",
    "wet": "#d8e8e6",
    "hall": "#f1eee6",
    "balcony": "#e2ead6",
    "work": "#ece4ee",
}


@dataclass(frozen=True, slots=True)
class Room:
    """A room: its name, its kind, and its place and size in metres.

    ``door`` says in which wall the door is, as n, e, s or w, and how far along it.
    """

    name: str
    kind: str
    x: float
    y: float
    wide: float
    deep: float
    door: tuple[str, float] | None = None


HOMES: dict[str, tuple[Room, ...]] = {
    "studio": (
        Room("Living and sleeping", "living", 0, 0, 6.4, 4.6),
        Room("Kitchen", "wet", 0, 4.6, 2.4, 2.4, ("n", 0.5)),
        Room("Hall", "hall", 2.4, 4.6, 1.8, 2.4, ("s", 0.5)),
        Room("Bath", "wet", 4.2, 4.6, 2.2, 2.4, ("w", 0.25)),
        Room("Balcony", "balcony", 1.2, -1.5, 4.0, 1.5, ("s", 0.2)),
    ),
    "one": (
        Room("Living and dining", "living", 0, 0, 5.2, 4.8),
        Room("Bedroom", "bed", 5.2, 0, 3.8, 4.0, ("s", 0.25)),
        Room("Kitchen", "wet", 0, 4.8, 3.0, 2.8, ("n", 0.7)),
        Room("Hall", "hall", 3.0, 4.8, 3.4, 2.8, ("s", 0.4)),
        Room("Bath", "wet", 6.4, 4.0, 2.6, 3.6, ("w", 0.6)),
        Room("Balcony", "balcony", 0.6, -1.6, 4.2, 1.6, ("s", 0.2)),
    ),
    "two": (
        Room("Living and dining", "living", 3.8, 0, 5.6, 5.2),
        Room("Bedroom 1", "bed", 9.4, 0, 4.0, 4.4, ("s", 0.25)),
        Room("Bedroom 2", "bed", 0, 0, 3.8, 4.2, ("s", 0.75)),
        Room("Kitchen", "wet", 5.6, 5.2, 3.4, 3.0, ("n", 0.5)),
        Room("Hall", "hall", 2.6, 5.2, 3.0, 3.0, ("s", 0.5)),
        Room("Bath 2", "wet", 0, 4.2, 2.6, 4.0, ("e", 0.6)),
        Room("Bath 1", "wet", 10.8, 4.4, 2.6, 3.8, ("w", 0.3)),
        Room("Store", "hall", 9.0, 5.2, 1.8, 3.0, ("w", 0.2)),
        Room("Balcony", "balcony", 4.2, -1.8, 4.8, 1.8, ("s", 0.2)),
    ),
    "three": (
        Room("Living", "living", 4.0, 0, 6.2, 5.4),
        Room("Main bedroom", "bed", 10.2, 0, 4.6, 4.8, ("s", 0.3)),
        Room("Bedroom 2", "bed", 0, 0, 4.0, 4.2, ("s", 0.8)),
        Room("Bedroom 3", "bed", 0, 5.8, 4.0, 3.8, ("e", 0.4)),
        Room("Bath 2", "wet", 0, 4.2, 4.0, 1.6, ("e", 0.5)),
        Room("Dining", "living", 4.0, 5.4, 3.6, 4.2, ("n", 0.5)),
        Room("Kitchen", "wet", 7.6, 5.4, 3.2, 4.2, ("w", 0.4)),
        Room("Study", "work", 10.8, 7.0, 4.0, 2.6, ("w", 0.5)),
        Room("Bath 1", "wet", 10.8, 4.8, 4.0, 2.2, ("n", 0.7)),
        Room("Terrace", "balcony", 4.4, -2.0, 9.6, 2.0, ("s", 0.2)),
    ),
}


def extent(rooms: Sequence[Room]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a home, in metres."""
    return (
        min(room.x for room in rooms),
        min(room.y for room in rooms),
        max(room.x + room.wide for room in rooms),
        max(room.y + room.deep for room in rooms),
    )


def floor_plan(home: str, title: str, note: str) -> bytes:
    """The plan of a home, with the size of every room, as JPEG."""
    from PIL import Image, ImageDraw

    rooms = HOMES[home]
    left, top, right, bottom = extent(rooms)
    scale = min(94.0, (WIDTH - 2 * MARGIN) / (right - left))
    size = (WIDTH, round(scale * (bottom - top)) + 2 * MARGIN + 130)
    image = Image.new("RGB", size, PAPER)
    shift = ((WIDTH - scale * (right - left)) / 2 - left * scale, MARGIN - top * scale)
    sheet = _Sheet(ImageDraw.Draw(image), scale, shift)
    for room in rooms:
        sheet.fill(room)
    for room in rooms:
        sheet.walls(room)
    for room in rooms:
        sheet.open(room)
        sheet.name(room)
    sheet.legend(title, note, size)
    return as_jpeg(image)


class _Sheet:
    """Where a plan is drawn, and how many pixels a metre has."""

    def __init__(self, draw: Any, scale: float, shift: tuple[float, float]) -> None:
        self.draw, self.scale, self.shift = draw, scale, shift

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of a place in the home."""
        return self.shift[0] + x * self.scale, self.shift[1] + y * self.scale

    def box(self, room: Room, inset: float = 0) -> tuple[float, float, float, float]:
        """A room's corners, drawn in by so many metres."""
        start = self.at(room.x + inset, room.y + inset)
        return (*start, *self.at(room.x + room.wide - inset, room.y + room.deep - inset))

    def fill(self, room: Room) -> None:
        """The floor, with tiles where it is wet and boards where people live."""
        tint = FLOORS[room.kind]
        self.draw.rectangle(self.box(room), fill=tint)
        step = {"wet": 0.45, "balcony": 0.6, "living": 0.3, "bed": 0.3}.get(room.kind)
        if step is None:
            return
        thin = mixed(tint, "#6f6a60", 0.16)
        x0, y0, x1, y1 = self.box(room)
        for number in range(1, int(room.deep / step) + 1):
            y = y0 + number * step * self.scale
            self.draw.line((x0, y, x1, y), fill=thin)
        for number in range(1, int(room.wide / step) + 1 if room.kind == "wet" else 1):
            x = x0 + number * step * self.scale
            self.draw.line((x, y0, x, y1), fill=thin)

    def walls(self, room: Room) -> None:
        """Walls around a room; a balcony has a rail."""
        if room.kind == "balcony":
            self.draw.rectangle(self.box(room), outline=LINE, width=5)
        else:
            self.draw.rectangle(self.box(room, -0.07), outline=WALL, width=round(0.15 * self.scale))

    def open(self, room: Room) -> None:
        """The door, with the way it swings, and a window in the outer wall of a bedroom."""
        if room.kind in {"bed", "work"}:
            x0, _, x1, _ = self.box(room)
            y = self.at(0, room.y if room.kind == "bed" else room.y + room.deep)[1]
            quarter = (x1 - x0) / 4
            self.draw.rectangle((x0 + quarter, y - 6, x1 - quarter, y + 6), fill="#ffffff")
            self.draw.line((x0 + quarter, y, x1 - quarter, y), fill="#5f8ea3", width=4)
        if room.door:
            self._door(room, *room.door)

    def _door(self, room: Room, wall: str, share: float) -> None:
        width = 0.9 * self.scale
        half = width / 2
        x0, y0, x1, y1 = self.box(room)
        if wall in "ns":
            x, y = x0 + (x1 - x0) * share, y0 if wall == "n" else y1
            gap = (x - half, y - 9, x + half, y + 9)
            swing = (x - half - width, y - width, x - half + width, y + width)
            angles = (0, 90) if wall == "n" else (270, 360)
            leaf_end = (x - half, y + (width if wall == "n" else -width))
            hinge = (x - half, y)
        else:
            x, y = x0 if wall == "w" else x1, y0 + (y1 - y0) * share
            gap = (x - 9, y - half, x + 9, y + half)
            swing = (x - width, y - half - width, x + width, y - half + width)
            angles = (0, 90) if wall == "w" else (90, 180)
            leaf_end = (x + (width if wall == "w" else -width), y - half)
            hinge = (x, y - half)
        self.draw.rectangle(gap, fill=FLOORS[room.kind])
        self.draw.arc(swing, *angles, fill=LINE, width=2)
        self.draw.line((*hinge, *leaf_end), fill=WALL, width=4)

    def name(self, room: Room) -> None:
        """What the room is, and how large."""
        from PIL import ImageFont

        x0, y0, x1, y1 = self.box(room)
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        size = 30 if room.wide > 3 else 23
        font, small = ImageFont.load_default(size), ImageFont.load_default(size - 6)
        self.draw.text((x, y - size * 0.6), room.name, fill=WALL, font=font, anchor="mm")
        area = f"{room.wide * room.deep:.1f} sq m"
        self.draw.text((x, y + size * 0.6), area, fill="#5c6164", font=small, anchor="mm")

    def legend(self, title: str, note: str, size: tuple[int, int]) -> None:
        """Title, scale and north."""
        from PIL import ImageFont

        width, height = size
        y = height - 96
        self.draw.text((MARGIN, y), title, fill=WALL, font=ImageFont.load_default(42))
        self.draw.text((MARGIN, y + 52), note, fill="#5c6164", font=ImageFont.load_default(25))
        end = width - MARGIN
        self.draw.line((end - 2 * self.scale, y + 40, end, y + 40), fill=WALL, width=6)
        font = ImageFont.load_default(24)
        self.draw.text((end - self.scale, y + 58), "2 m", fill=WALL, font=font, anchor="mm")
        self.draw.polygon([(end, y - 8), (end - 14, y + 22), (end + 14, y + 22)], fill=WALL)
        self.draw.text((end, y - 22), "N", fill=WALL, font=font, anchor="mm")


def lobby(wall: str, accent: str) -> bytes:
    """An entrance hall, as JPEG."""
    from PIL import Image, ImageDraw, ImageFilter

    size = (1600, 1000)
    image = Image.new("RGB", size, wall)
    draw = ImageDraw.Draw(image)
    back = (470, 300, 1130, 640)
    _shell(draw, size, back, wall)
    for x in range(490, 1120, 30):
        draw.rectangle((x, 306, x + 16, 636), fill=mixed("#9a7650", "#5b4028", (x % 90) / 180))
    draw.rectangle((690, 560, 910, 690), fill=accent)
    draw.rectangle((676, 548, 924, 566), fill="#e9e2d3")
    for x, y, radius in ((640, 210, 46), (800, 170, 62), (960, 210, 46)):
        draw.line((x, 0, x, y), fill="#6b6257", width=3)
        draw.ellipse((x - radius, y - radius / 2, x + radius, y + radius / 2), fill="#ffe9b8")
    for x, turn in ((250, 1), (1350, -1)):
        draw.rounded_rectangle((x - 130, 770, x + 130, 850), 24, fill=mixed(accent, "#ffffff", 0.3))
        draw.rounded_rectangle((x - 130, 700, x + 130, 790), 24, fill=mixed(accent, "#ffffff", 0.2))
        pot = x + 210 * turn
        draw.polygon(
            [(pot - 40, 700), (pot + 40, 700), (pot + 28, 790), (pot - 28, 790)], fill="#b8764f"
        )
        for lean in range(-80, 81, 20):
            tip = (pot + lean, 560 + abs(lean) * 0.7)
            draw.line((pot, 705, *tip), fill="#3f6b3a", width=9)
    glow = Image.new("L", size, 0)
    ImageDraw.Draw(glow).ellipse((380, -160, 1220, 560), fill=90)
    light = Image.new("RGB", size, "#fff1cf")
    image.paste(light, (0, 0), glow.filter(ImageFilter.GaussianBlur(120)))
    return as_jpeg(image)


def _shell(draw: Any, size: tuple[int, int], back: tuple[int, int, int, int], wall: str) -> None:
    """Floor, ceiling and walls towards the ``back``."""
    wide, high = size
    left, top, right, bottom = back
    draw.polygon([(0, 0), (wide, 0), (right, top), (left, top)], fill=mixed(wall, "#ffffff", 0.5))
    draw.polygon(
        [(0, 0), (left, top), (left, bottom), (0, high)], fill=mixed(wall, "#5a5248", 0.18)
    )
    draw.polygon(
        [(wide, 0), (right, top), (right, bottom), (wide, high)], fill=mixed(wall, "#5a5248", 0.1)
    )
    draw.polygon([(0, high), (left, bottom), (right, bottom), (wide, high)], fill="#d8cfc0")
    for step in range(11):
        share = step / 10
        ends = (left + (right - left) * share, bottom, wide * share, high)
        draw.line(ends, fill="#c3b8a6", width=3)
        y = bottom + (high - bottom) * share**2
        spread = (y - bottom) / (high - bottom)
        draw.line(
            (left * (1 - spread), y, right + (wide - right) * spread, y), fill="#c3b8a6", width=3
        )
