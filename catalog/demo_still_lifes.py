"""Photographs of the market's demo: one thing in front of a wall, drawn by Pillow.

What a thing looks like stands in ``catalog/demo_data/shapes.toml``.
"""

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from catalog.demo_drawings import Colour, as_jpeg, mixed, rgb

SHAPES = Path(__file__).resolve().parent / "demo_data" / "shapes.toml"
SIZE = 1200
FLOOR = 0.74
WALLS = ("#e9e4da", "#dfe5e3", "#e8dfd6", "#dde2ea", "#e6e6df", "#ece2e0")
FLOORS = ("#b9a186", "#c9bca8", "#a9a8a2", "#9e8a72", "#bfb3a6")
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@cache
def shapes() -> dict[str, str]:
    """The things that can be drawn, by name."""
    return tomllib.loads(SHAPES.read_text(encoding="utf-8"))


def still_life(shape: str, colours: tuple[str, str], chance: Random, *, close: bool) -> bytes:
    """A photograph of one thing; ``close`` is the second one, from nearer."""
    from PIL import Image, ImageDraw, ImageFilter

    wall, floor = rgb(chance.choice(WALLS)), rgb(chance.choice(FLOORS))
    image = Image.new("RGB", (SIZE, SIZE), wall)
    draw = ImageDraw.Draw(image)
    _room(draw, wall, floor)
    scale = (1.02 if close else 0.82) * SIZE / 100
    corner = ((SIZE - 100 * scale) / 2 + chance.uniform(-30, 30), SIZE * 0.9 - 88 * scale)
    shadow = Image.new("L", (SIZE, SIZE), 0)
    middle, foot = corner[0] + 50 * scale, corner[1] + 84 * scale
    ImageDraw.Draw(shadow).ellipse(
        (middle - 42 * scale, foot - 3 * scale, middle + 46 * scale, foot + 6 * scale), fill=120
    )
    image.paste(BLACK, mask=shadow.filter(ImageFilter.GaussianBlur(24)))
    tones = palette(colours)
    for line in shapes()[shape].strip().splitlines():
        _stroke(draw, line.split(), tones, corner, scale)
    return as_jpeg(image)


def palette(colours: tuple[str, str]) -> dict[str, Colour]:
    """The colours that the strokes of a thing name by a letter."""
    first, second = (rgb(colour) for colour in colours)
    return {
        "a": first,
        "b": mixed(first, BLACK, 0.28),
        "c": mixed(first, WHITE, 0.32),
        "s": second,
        "d": (112, 78, 50),
        "k": (38, 38, 42),
        "w": (247, 244, 238),
        "m": (168, 172, 178),
        "g": (196, 214, 222),
    }


def _room(draw: Any, wall: Colour, floor: Colour) -> None:
    edge = int(SIZE * FLOOR)
    for y in range(edge):
        draw.line((0, y, SIZE, y), fill=mixed(mixed(wall, WHITE, 0.25), wall, y / edge))
    for y in range(edge, SIZE):
        share = (y - edge) / (SIZE - edge)
        draw.line((0, y, SIZE, y), fill=mixed(mixed(floor, BLACK, 0.12), floor, share))
    draw.rectangle((0, edge - 14, SIZE, edge), fill=mixed(wall, BLACK, 0.1))


def _stroke(
    draw: Any,
    words: list[str],
    tones: dict[str, Colour],
    corner: tuple[float, float],
    scale: float,
) -> None:
    kind, *rest = words
    letters = [word for word in rest if word in tones]
    numbers = [float(word) for word in rest if word not in tones]
    colour = tones[letters[0]]
    places = numbers if kind == "p" else numbers[:4]
    points = [corner[place % 2] + value * scale for place, value in enumerate(places)]
    if kind == "p":
        draw.polygon(points, fill=colour)
    elif kind == "e":
        draw.ellipse(points, fill=colour)
    elif kind == "l":
        draw.line(points, fill=colour, width=round(numbers[4] * scale))
    else:
        radius = numbers[4] * scale if len(numbers) > 4 else 0
        draw.rounded_rectangle(points, radius=radius, fill=colour)
        if radius:
            _shine(draw, points, radius, colour)


def _shine(draw: Any, box: list[float], radius: float, colour: Colour) -> None:
    """A lighter edge at the top, as from a window."""
    left, top, right, _ = box
    draw.line(
        (left + radius, top + 4, right - radius, top + 4), fill=mixed(colour, WHITE, 0.35), width=5
    )
