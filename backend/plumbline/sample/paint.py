"""Textures and tools of the drawn site pictures: surfaces of noise, reinforcing bars, rough shapes.

Everything follows from a seed, so that the same sample has the same pictures. Sizes are pixels of the canvas.
"""

import random
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageOps

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
Point = tuple[float, float]

CANVAS = (1280, 960)
# Dark and light end of each surface.
SURFACES: dict[str, tuple[Colour, Colour]] = {
    "concrete": ((138, 138, 133), (196, 195, 188)),
    "wet": ((74, 77, 76), (132, 134, 130)),
    "plywood": ((78, 44, 30), (150, 96, 62)),
    "earth": ((92, 72, 50), (164, 136, 100)),
    "mud": ((70, 56, 42), (112, 94, 72)),
    "plate": ((66, 70, 74), (128, 132, 136)),
    "paper": ((226, 222, 212), (252, 250, 244)),
    "sky": ((120, 152, 186), (228, 234, 238)),
    "water": ((70, 92, 102), (126, 146, 150)),
}
RUST: Colour = (132, 82, 52)
STEEL: Colour = (104, 98, 92)


def noise(cell: int, seed: int, size: tuple[int, int] = CANVAS) -> Image.Image:
    """Smooth grey noise whose grains are about `cell` pixels wide."""
    width, height = size[0] // cell + 2, size[1] // cell + 2
    grains = Image.frombytes("L", (width, height), random.Random(seed).randbytes(width * height))
    return grains.resize((width * cell, height * cell), Image.Resampling.BICUBIC).crop((0, 0, *size))


@lru_cache(maxsize=32)
def _surface(name: str, variant: int) -> Image.Image:
    seed = sum(name.encode()) * 10 + variant
    if name == "sky":
        grey = Image.blend(noise(160, seed), noise(48, seed + 1), 0.25)
        grey = Image.blend(grey, ImageOps.flip(Image.linear_gradient("L")).resize(CANVAS), 0.55)
        grey = ImageOps.flip(grey)
    else:
        grey = Image.blend(noise(90, seed), noise(12, seed + 1), 0.45)
        grey = Image.blend(grey, noise(3, seed + 2), 0.3)
    dark, light = SURFACES[name]
    return ImageOps.colorize(ImageOps.autocontrast(grey, cutoff=2), dark, light)


def surface(name: str, rng: random.Random) -> Image.Image:
    """A canvas of a surface, one of a few, mirrored by chance."""
    image = _surface(name, rng.randrange(2))
    if rng.random() < 0.5:
        image = ImageOps.mirror(image)
    if name != "sky" and rng.random() < 0.5:
        image = ImageOps.flip(image)
    return image.copy()


def shade(colour: Colour, factor: float) -> Colour:
    """A darker (below 1) or lighter (above 1) colour."""
    r, g, b = (min(255, round(part * factor)) for part in colour)
    return r, g, b


def bar(draw: ImageDraw.ImageDraw, start: Point, end: Point, width: int, colour: Colour = RUST) -> None:
    """A ribbed bar with shadow, light and ribs."""
    (x0, y0), (x1, y1) = start, end
    draw.line((x0 + width / 3, y0 + width / 3, x1 + width / 3, y1 + width / 3), (34, 28, 24), width)
    draw.line((*start, *end), shade(colour, 0.72), width)
    draw.line((*start, *end), colour, max(1, width * 2 // 3))
    length = max(1.0, ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    half, step = width / 2 - 1, max(6, round(width * 0.62))
    for along in range(0, round(length), step):
        x, y = x0 + ux * along, y0 + uy * along
        draw.line(
            (x - uy * half, y + ux * half, x + uy * half + ux * step / 2, y - ux * half + uy * step / 2),
            shade(colour, 0.55),
            max(1, width // 12),
        )
    draw.line((x0 - uy * width / 6, y0 - ux * width / 6, x1 - uy * width / 6, y1 - ux * width / 6), shade(colour, 1.35))


def tie(draw: ImageDraw.ImageDraw, x: float, y: float, rng: random.Random) -> None:
    """A wire tie at a crossing: two loops and a twisted end."""
    wire = (58, 54, 52)
    draw.line((x - 13, y - 11, x + 13, y + 11), wire, 3)
    draw.line((x - 13, y + 11, x + 13, y - 11), wire, 3)
    draw.line((x, y, x + rng.randint(6, 16), y + rng.randint(-18, 18)), wire, 2)


def rough(points: Sequence[Point], rng: random.Random, by: float, parts: int = 12) -> list[Point]:
    """The outline of points with a broken edge."""
    outline: list[Point] = []
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        for part in range(parts):
            t = part / parts
            outline.append((x0 + (x1 - x0) * t + rng.uniform(-by, by), y0 + (y1 - y0) * t + rng.uniform(-by, by)))
    return outline


def filled(image: Image.Image, outline: list[Point], texture: Image.Image) -> None:
    """Paste a texture into an outline."""
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).polygon(outline, 255)
    image.paste(texture, (0, 0), mask)


@lru_cache(maxsize=4)
def _light(variant: int) -> Image.Image:
    fall = ImageOps.invert(Image.radial_gradient("L")).resize(CANVAS, Image.Resampling.BILINEAR)
    light = Image.blend(fall, noise(320, 900 + variant), 0.35).point(lambda v: 176 + v * 79 // 255)
    return Image.merge("RGB", (light, light, light))


def lit(image: Image.Image, rng: random.Random) -> Image.Image:
    """Uneven light and a darker edge, as a phone's lens gives it."""
    return ImageChops.multiply(image, _light(rng.randrange(4)))


def tilted(image: Image.Image, rng: random.Random, by: float = 60) -> Image.Image:
    """The picture seen a little from the side."""
    width, height = image.size
    corners = [(0, 0), (0, height), (width, height), (width, 0)]
    inward = [(1, 1), (1, -1), (-1, -1), (-1, 1)]
    quad: list[float] = []
    for (x, y), (dx, dy) in zip(corners, inward, strict=True):
        quad += [x + dx * rng.uniform(0, by), y + dy * rng.uniform(0, by)]
    return image.transform(image.size, Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)
