"""Pictures of the demo, drawn by Pillow: portraits and specimens of identity papers."""

import io
from random import Random
from typing import Any

SIDE = 512
CARD = (856, 540)
# Pictures are kept this much smaller than they are drawn, which smooths their edges.
SHRUNK = 1.5
SKINS = ("#f1c9a5", "#d9a577", "#b97d4f", "#8d5a36", "#6b4226")
CLOTHES = ("#27524f", "#7a3b46", "#35507a", "#8a6d2f", "#4b3d6e", "#2f6b3c")
WALLS = ("#e8e1d4", "#dbe6e4", "#efe0da", "#dfe3ef", "#e9e7cf")
HAIRS = ("#1d1a18", "#3a2a20", "#5b4636", "#7d7d7d")


def portrait(chance: Random) -> bytes:
    """Somebody in front of a wall, as JPEG."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (SIDE, SIDE), chance.choice(WALLS))
    draw = ImageDraw.Draw(image)
    skin, hair = chance.choice(SKINS), chance.choice(HAIRS)
    draw.ellipse((64, 360, 448, 720), fill=chance.choice(CLOTHES))
    draw.rectangle((222, 300, 290, 392), fill=skin)
    top = chance.randrange(92, 112)
    draw.ellipse((150, top - 14, 362, top + 190), fill=hair)
    if chance.random() < 0.5:
        draw.rounded_rectangle((146, top + 70, 366, 350), radius=60, fill=hair)
    draw.ellipse((168, top + 22, 344, top + 236), fill=skin)
    for x in (222, 290):
        draw.ellipse((x - 9, top + 110, x + 9, top + 128), fill="#221c18")
    draw.arc((222, top + 140, 290, top + 196), start=20, end=160, fill="#7c3b36", width=6)
    return _as_jpeg(image)


def specimen(title: str, lines: list[str], chance: Random) -> bytes:
    """A card that says of itself that it is no real one, as JPEG."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", CARD, "#eef1ea")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, CARD[0], 84), fill=chance.choice(CLOTHES))
    draw.text((32, 22), title, fill="white", font=ImageFont.load_default(34))
    draw.rectangle((36, 120, 236, 380), fill=chance.choice(SKINS), outline="#555555", width=3)
    for index, line in enumerate(lines):
        place = (276, 126 + 52 * index)
        draw.text(place, line, fill="#222222", font=ImageFont.load_default(28))
    stamp: Any = Image.new("RGBA", CARD, (0, 0, 0, 0))
    marks = ImageDraw.Draw(stamp)
    marks.text((190, 240), "SPECIMEN", fill=(160, 30, 30, 110), font=ImageFont.load_default(110))
    image.paste(stamp.rotate(18), (0, 0), stamp.rotate(18))
    return _as_jpeg(image)


def _as_jpeg(image: Any) -> bytes:
    buffer = io.BytesIO()
    image.thumbnail((image.width / SHRUNK, image.height / SHRUNK))
    image.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def emblem(name: str, chance: Random) -> bytes:
    """The initials of an organization on its colour, as JPEG."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (SIDE, SIDE), chance.choice(CLOTHES))
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    font = ImageFont.load_default(220)
    place = (SIDE / 2, SIDE / 2)
    ImageDraw.Draw(image).text(place, initials, fill="white", font=font, anchor="mm")
    return _as_jpeg(image)
