"""Photographed papers of the sample: bundle tags, delivery notes, certificates. Drawn from a seed and their words."""

import random
from collections.abc import Sequence

from PIL import Image, ImageDraw

from plumbline.reports.typesetting import font
from plumbline.sample.paint import CANVAS, RUST, lit, shade, surface, tilted

W, H = CANVAS
INK = (30, 30, 36)
Table = Sequence[Sequence[str]]


def tag(rng: random.Random, lines: Sequence[str]) -> Image.Image:
    """The ends of a bundle of bars with the mill's tag."""
    image = surface("earth", rng)
    draw = ImageDraw.Draw(image)
    for row in range(15):
        for column in range(20):
            x, y, r = column * 70 + row % 2 * 35 - 20, row * 61 + 30, 33
            tone = shade(RUST, rng.uniform(0.75, 1.15))
            draw.ellipse((x - r, y - r, x + r, y + r), tone, shade(tone, 0.5), 4)
            draw.arc((x - 18, y - 18, x + 18, y + 18), rng.randrange(360), 300, shade(tone, 1.3), 3)
    draw.line((0, 500, W, 470), (70, 66, 62), 14)
    draw.rounded_rectangle((300, 230, 990, 760), 20, (250, 226, 120), (110, 90, 30), 6)
    draw.ellipse((620, 244, 662, 286), (60, 44, 30))
    _lines(draw, lines, 340, 300, 54)
    return lit(tilted(image, rng, 50), rng)


def delivery_note(rng: random.Random, title: str, rows: Table) -> Image.Image:
    """A delivery note on a clipboard: a title and lines of name and value."""
    image = surface("plywood", rng)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((150, 20, 1130, 950), 24, (70, 52, 40))
    image.paste(surface("paper", rng).crop((0, 0, 900, 850)), (190, 80))
    draw.rounded_rectangle((500, 30, 780, 110), 16, (150, 154, 158), (60, 60, 60), 4)
    draw.text((640, 170), title, INK, font(56), anchor="mm")
    for n, (name, value) in enumerate(rows):
        y = 240 + n * 70
        draw.line((230, y + 58, 1050, y + 58), (150, 150, 156), 2)
        draw.text((240, y), name, (70, 70, 80), font(36))
        draw.text((600, y), value, INK, font(38))
    _stamp(draw, 900, 800, rng)
    return lit(tilted(image, rng, 40), rng)


def certificate(rng: random.Random, title: str, head: Sequence[str], table: Table) -> Image.Image:
    """A quality certificate: head lines and a table of heats with their values, a red stamp."""
    image = surface("paper", rng)
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 36, W - 40, H - 36), outline=(120, 120, 130), width=3)
    draw.text((W / 2, 100), title, INK, font(58), anchor="mm")
    _lines(draw, head, 90, 160, 34)
    top = 190 + len(head) * 48
    wide = (W - 160) / len(table[0])
    for r, row in enumerate(table):
        for c, cell in enumerate(row):
            x, y = 80 + c * wide, top + r * 62
            draw.rectangle((x, y, x + wide, y + 62), (226, 230, 236) if r == 0 else None, (110, 110, 120), 2)
            draw.text((x + wide / 2, y + 31), cell, INK, font(28), anchor="mm")
    _stamp(draw, 1040, 790, rng)
    return lit(tilted(image, rng, 26), rng)


def _lines(draw: ImageDraw.ImageDraw, lines: Sequence[str], x: int, y: int, size: int) -> None:
    for n, line in enumerate(lines):
        draw.text((x, y + n * size * 7 // 5), line, INK, font(size))


def _stamp(draw: ImageDraw.ImageDraw, x: int, y: int, rng: random.Random) -> None:
    red, r = (196, 44, 40), rng.randint(84, 96)
    draw.ellipse((x - r, y - r, x + r, y + r), outline=red, width=7)
    draw.regular_polygon((x, y, 34), 5, rotation=rng.randrange(20), fill=red)
    draw.line((x - r + 24, y + 56, x + r - 24, y + 56), red, 5)
