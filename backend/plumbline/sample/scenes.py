"""Site pictures of reinforcement, formwork, concrete and foundations. Each scene draws one canvas from a seed."""

import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

from plumbline.reports.typesetting import font
from plumbline.sample.paint import CANVAS, RUST, STEEL, bar, filled, lit, rough, shade, surface, tie, tilted

W, H = CANVAS
Scene = Callable[[random.Random], Image.Image]


def wall_rebar(rng: random.Random) -> Image.Image:
    """Both layers of a wall's mesh before its formwork, tied, with plastic spacers."""
    image = surface(rng.choice(["plywood", "concrete"]), rng)
    draw = ImageDraw.Draw(image)
    step = rng.randint(96, 128)
    for x in range(step // 3, W, step):
        bar(draw, (x, 0), (x + rng.randint(-6, 6), H), 12, shade(RUST, 0.6))
    for y in range(step // 2, H, step):
        bar(draw, (0, y), (W, y + rng.randint(-5, 5)), 20)
    for x in range(step // 2, W, step):
        bar(draw, (x, 0), (x + rng.randint(-8, 8), H), 22, shade(RUST, rng.uniform(0.9, 1.1)))
        for y in range(step // 2, H, step):
            if (x + y) // step % 2:
                tie(draw, x, y, rng)
    for _ in range(rng.randint(3, 6)):
        x, y = step // 2 + step * rng.randrange(W // step), step + step * rng.randrange(H // step - 1)
        draw.ellipse((x - 34, y - 66, x + 34, y + 2), outline=(168, 172, 170), width=13)
        draw.ellipse((x - 13, y - 45, x + 13, y - 19), outline=(150, 154, 152), width=6)
    return lit(tilted(image, rng), rng)


def slab_rebar(rng: random.Random) -> Image.Image:
    """A slab's bottom and top mat towards the edge of the floor, sky and crane behind."""
    mat = surface("plywood", rng)
    draw = ImageDraw.Draw(mat)
    for y in range(20, H, 58):
        bar(draw, (0, y), (W, y + rng.randint(-4, 4)), 10)
    for x in range(20, W, 62):
        bar(draw, (x, 0), (x + rng.randint(-4, 4), H), 11)
    image, horizon = surface("sky", rng), rng.randint(290, 350)
    ground = mat.transform((W, H - horizon), Image.Transform.QUAD, (0, 0, 430, H, W - 430, H, W, 0))
    image.paste(ground, (0, horizon))
    draw = ImageDraw.Draw(image)
    for x in range(-20, W, 150):
        draw.line((x, horizon - 120, x, horizon + 14), (196, 60, 40), 7)
    for y in (horizon - 110, horizon - 60):
        draw.line((0, y, W, y), (214, 170, 40), 7)
    _crane(draw, rng.randint(200, 1000), horizon)
    return lit(image, rng)


def tape(rng: random.Random) -> Image.Image:
    """A steel tape across the bars, close enough to read the spacing."""
    image = surface("plywood", rng)
    draw = ImageDraw.Draw(image)
    bar(draw, (0, 660), (W, 690), 56, shade(RUST, 0.85))
    spacing = rng.randint(290, 330)
    for x in range(140, W, spacing):
        bar(draw, (x, 0), (x + rng.randint(-18, 18), H), 62)
    draw.polygon([(0, 404), (W, 380), (W, 470), (0, 494)], (238, 200, 44))
    for mm in range(100):
        along = 20 + mm * spacing / 20
        edge = 404 - 24 * along / W
        draw.line((along, edge, along, edge + (46 if mm % 10 == 0 else 22)), (30, 26, 20), 3)
        if mm % 5 == 0 and mm:
            draw.text((along + 6, edge + 42), str(mm), (150, 24, 20) if mm % 10 == 0 else (30, 26, 20), font(32))
    return lit(tilted(image, rng, 30), rng)


def formwork(rng: random.Random) -> Image.Image:
    """Film-faced panels with walers and ties."""
    image = surface("plywood", rng)
    draw = ImageDraw.Draw(image)
    for x in range(rng.randint(60, 200), W, 420):
        draw.line((x, 0, x + 3, H), (40, 24, 18), 5)
    for x in range(30, W, 140):
        draw.rectangle((x, 0, x + 46, H), (176, 140, 92))
        draw.line((x + 40, 0, x + 40, H), (122, 92, 58), 10)
    for y in range(110, H, 250):
        for tube in (0, 54):
            draw.rectangle((0, y + tube, W, y + tube + 42), (142, 148, 152))
            draw.line((0, y + tube + 10, W, y + tube + 10), (204, 208, 210), 7)
            draw.line((0, y + tube + 38, W, y + tube + 38), (84, 88, 92), 7)
        for x in range(100, W, 280):
            draw.rectangle((x - 42, y - 6, x + 42, y + 102), (120, 96, 62), (60, 46, 30), 4)
            draw.regular_polygon((x, y + 48, 26), 6, fill=(96, 92, 88), outline=(40, 38, 36))
            draw.ellipse((x - 9, y + 39, x + 9, y + 57), (54, 50, 48))
    return lit(tilted(image, rng, 90), rng)


def props(rng: random.Random) -> Image.Image:
    """Standards and ledgers below a slab's formwork, in rows to the back."""
    image = surface("concrete", rng)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, W, 210), (96, 66, 44))
    for row in range(6, 0, -1):
        scale, tone = 1 / (0.55 + row * 0.3), (70 + row * 12, 74 + row * 12, 78 + row * 12)
        top, base, wide = 480 - 300 * scale, 480 + 420 * scale, max(4, round(26 * scale))
        for n in range(-8, 9):
            x = W / 2 + n * 260 * scale + rng.uniform(-3, 3)
            draw.line((x, top, x, base), tone, wide)
            draw.line((x - wide / 4, top, x - wide / 4, base), shade(tone, 1.4), max(1, wide // 5))
            draw.rectangle((x - wide * 1.6, base - wide / 2, x + wide * 1.6, base + wide / 3), shade(tone, 0.8))
        for y in (top + 180 * scale, base - 130 * scale):
            draw.line((0, y, W, y), shade(tone, 0.9), max(3, wide * 2 // 3))
    return lit(image, rng)


def pour(rng: random.Random) -> Image.Image:
    """Fresh concrete between starter bars, the hose of the pump above it."""
    image, edge = surface("sky", rng), rng.randint(300, 380)
    filled(image, rough([(0, edge), (W, edge + 20), (W, H), (0, H)], rng, 12, 40), surface("wet", rng))
    draw = ImageDraw.Draw(image)
    for _ in range(260):
        x, y = rng.randrange(W), rng.randrange(edge + 40, H)
        r = rng.randint(4, 10) * y // H
        draw.ellipse((x - r, y - r * 2 // 3, x + r, y + r * 2 // 3), shade((108, 108, 104), rng.uniform(0.7, 1.3)))
    for x in range(40, W, rng.randint(120, 160)):
        bar(draw, (x, edge - rng.randint(150, 230)), (x + rng.randint(-8, 8), edge + rng.randint(60, 260)), 15)
    x = rng.randint(360, 900)
    hose = [(x - 300 + 300 * math.sin(t / 12 * 1.57), -20 + t * (edge + 220) / 12) for t in range(13)]
    draw.line(hose, (28, 28, 30), 92, "curve")
    draw.line([(a - 20, b) for a, b in hose], (70, 70, 74), 14, "curve")
    filled(image, rough([(x - 130, edge + 330), (x, edge + 180), (x + 150, edge + 330)], rng, 16), surface("wet", rng))
    return lit(image, rng)


def vibrate(rng: random.Random) -> Image.Image:
    """A poker in fresh concrete inside a cage."""
    image = surface("wet", rng)
    draw = ImageDraw.Draw(image)
    for x in range(60, W, 180):
        bar(draw, (x, 0), (x + 20, 330), 20)
    for ring in range(6, 0, -1):
        r = ring * 46
        draw.ellipse((640 - r * 1.6, 600 - r, 640 + r * 1.6, 600 + r), shade((96, 98, 96), 0.85 + 0.05 * ring))
    hose = [(640 + 240 * math.sin(t / 8), 600 - t * 70) for t in range(10)]
    draw.line(hose, (20, 20, 22), 54, "curve")
    draw.line((640, 600, 648, 500), (150, 154, 158), 46)
    return lit(tilted(image, rng), rng)


def slump(rng: random.Random) -> Image.Image:
    """The slump test: plate, heap, cone beside it, staff and ruler."""
    image = surface("earth", rng)
    filled(image, [(140, 560), (1130, 540), (1260, 900), (30, 920)], surface("plate", rng))
    drop = rng.randint(150, 210)
    heap = [(230, 830), (300, 500 + drop), (440, 470 + drop), (560, 490 + drop), (680, 830), (460, 880)]
    filled(image, rough(heap, rng, 10), surface("concrete", rng))
    draw = ImageDraw.Draw(image)
    draw.polygon([(820, 380), (960, 380), (1080, 820), (700, 820)], (158, 162, 166))
    draw.polygon([(850, 380), (890, 380), (860, 820), (770, 820)], (214, 218, 220))
    draw.ellipse((818, 356, 962, 404), (96, 100, 104), (200, 204, 206), 8)
    draw.line((300, 372, 960, 366), (188, 40, 36), 20)
    draw.rectangle((420, 376, 468, 700), (240, 214, 80))
    for mm in range(0, 321, 20):
        draw.line((420, 380 + mm, 444 if mm % 100 else 466, 380 + mm), (20, 20, 20), 4)
    return lit(image, rng)


def cubes(rng: random.Random) -> Image.Image:
    """Six cubes in their moulds, struck off and marked."""
    image = surface("concrete", rng)
    draw = ImageDraw.Draw(image)
    for n in range(6):
        x, y = 90 + n % 3 * 380, 130 + n // 3 * 400
        draw.rectangle((x, y, x + 330, y + 330), (28, 30, 34), (70, 74, 80), 8)
        image.paste(surface("wet", rng).crop((0, 0, 250, 250)), (x + 40, y + 40))
        draw.text((x + 66, y + 126), f"{rng.randint(20, 29)}-{n + 1}", (190, 40, 34), font(64))
    return lit(tilted(image, rng, 80), rng)


def curing(rng: random.Random) -> Image.Image:
    """Wet concrete under film, a thermometer on it."""
    image = surface("wet", rng)
    film = Image.new("RGBA", CANVAS, (236, 244, 250, 70))
    draw = ImageDraw.Draw(film)
    for _ in range(46):
        x, y = rng.randrange(W), rng.randrange(H)
        line = [(x + k * 60, y + rng.randint(-30, 30) + k * rng.randint(-14, 14)) for k in range(6)]
        draw.line(line, (255, 255, 255, rng.randint(50, 150)), rng.randint(2, 7), "curve")
    image = Image.alpha_composite(image.convert("RGBA"), film).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((470, 360, 830, 540), 26, (244, 244, 240), (60, 60, 60), 6)
    draw.rectangle((500, 390, 800, 510), (176, 190, 170))
    draw.text((530, 392), f"{rng.uniform(16, 29):.1f}°C", (24, 28, 24), font(92))
    return lit(tilted(image, rng, 70), rng)


def struck(rng: random.Random) -> Image.Image:
    """A struck concrete face with the joints of its panels and filled tie holes."""
    image = surface("concrete", rng)
    draw = ImageDraw.Draw(image)
    for x in range(rng.randint(100, 300), W, 460):
        draw.line((x, 0, x + 2, H), (104, 104, 100), 4)
    draw.line((0, rng.randint(380, 560), W, rng.randint(380, 560)), (112, 112, 108), 4)
    for x in range(120, W, 300):
        for y in range(140, H, 340):
            draw.ellipse((x - 20, y - 20, x + 20, y + 20), (86, 86, 82), (60, 60, 58), 4)
    for _ in range(120):
        x, y, r = rng.randrange(W), rng.randrange(H), rng.randint(1, 4)
        draw.ellipse((x - r, y - r, x + r, y + r), (96, 96, 92))
    return lit(tilted(image, rng), rng)


def crack(rng: random.Random) -> Image.Image:
    """A crack in a struck face, with a gauge beside it."""
    image = struck(rng)
    draw = ImageDraw.Draw(image)
    x, y, line = 400.0, 40.0, [(400.0, 40.0)]
    while y < H - 60:
        x, y = x + rng.uniform(-26, 40), y + rng.uniform(16, 38)
        line.append((x, y))
    draw.line([(a + 3, b + 2) for a, b in line], (150, 150, 144), 9, "curve")
    draw.line(line, (34, 32, 30), 5, "curve")
    a, b = line[len(line) // 2]
    branch = [(a + k * 34, b - k * 22 + rng.uniform(-12, 12)) for k in range(9)]
    draw.line(branch, (44, 42, 40), 3, "curve")
    draw.rectangle((760, 520, 1200, 690), (246, 246, 240), (30, 30, 30), 4)
    for n, wide in enumerate((1, 2, 3, 4, 6, 8, 10)):
        draw.line((800 + n * 56, 545, 800 + n * 56, 630), (10, 10, 10), wide)
        draw.text((782 + n * 56, 636), f"0.{n + 1}", (10, 10, 10), font(30))
    return lit(image, rng)


def coupler(rng: random.Random) -> Image.Image:
    """A mechanical splice with its exposed threads and paint mark."""
    image = surface("plywood", rng)
    draw = ImageDraw.Draw(image)
    for y in (230, 700):
        bar(draw, (0, y), (W, y + 8), 96)
        left, right = 470 + rng.randint(-60, 20), 830 + rng.randint(-20, 60)
        for x in range(left - 46, right + 46, 9):
            draw.line((x, y - 44, x + 5, y + 52), (178, 174, 166), 4)
        draw.rectangle((left, y - 70, right, y + 78), (124, 128, 132))
        draw.rectangle((left, y - 44, right, y - 22), (206, 210, 212))
        draw.rectangle((left + 60, y - 70, left + 100, y + 78), (206, 44, 36))
    return lit(tilted(image, rng, 60), rng)


def wrench(rng: random.Random) -> Image.Image:
    """A torque wrench on a coupler, its window showing the reading."""
    image = coupler(rng)
    draw = ImageDraw.Draw(image)
    draw.line((640, 690, 1250, 150), (46, 48, 52), 66)
    draw.line((640, 674, 1250, 134), (120, 124, 130), 12)
    draw.rounded_rectangle((830, 300, 1140, 420), 18, (230, 232, 226), (30, 30, 30), 6)
    draw.text((846, 316), f"{rng.randint(262, 296)} N·m", (20, 20, 20), font(68))
    return image


def cage(rng: random.Random) -> Image.Image:
    """A pile's cage on trestles."""
    image = surface("earth", rng)
    image.paste(surface("sky", rng).crop((0, 0, W, 360)), (0, 0))
    draw = ImageDraw.Draw(image)
    for x in range(-60, W + 60, 52):
        draw.ellipse((x - 34, 330, x + 34, 780), outline=shade(STEEL, 0.8), width=7)
    for n in range(9):
        y = 555 - 222 * math.cos(n / 8 * math.pi)
        bar(draw, (0, y), (W, y + rng.randint(-4, 4)), 22)
    for x in (200, 1020):
        draw.rectangle((x, 780, x + 70, 900), (120, 96, 60))
    return lit(image, rng)


def rig(rng: random.Random) -> Image.Image:
    """A drilling rig over its casing."""
    image = surface("sky", rng)
    filled(image, rough([(0, 640), (W, 620), (W, H), (0, H)], rng, 8, 30), surface("mud", rng))
    draw = ImageDraw.Draw(image)
    draw.rectangle((700, 470, 1130, 660), (214, 150, 32), (90, 60, 10), 5)
    draw.rectangle((960, 390, 1120, 520), (60, 72, 80), (30, 30, 30), 5)
    draw.rounded_rectangle((660, 650, 1180, 740), 44, (44, 44, 46))
    for y in range(-20, 640, 60):
        draw.line((560, y, 640, y + 60), (190, 130, 30), 8)
        draw.line((640, y, 560, y + 60), (190, 130, 30), 8)
    for x in (556, 644):
        draw.line((x, -10, x, 660), (206, 140, 28), 16)
    draw.line((470, 0, 470, 700), (50, 52, 56), 34)
    draw.ellipse((340, 660, 610, 770), (30, 26, 22), (120, 124, 128), 18)
    return lit(image, rng)


def sounding(rng: random.Random) -> Image.Image:
    """A sounding line into the bore."""
    image = surface("mud", rng)
    draw = ImageDraw.Draw(image)
    draw.ellipse((190, 170, 1090, 900), (128, 132, 136))
    draw.ellipse((230, 200, 1050, 870), (40, 34, 28))
    draw.ellipse((270, 420, 1010, 860), (66, 54, 40))
    draw.line((640, 0, 630, 640), (232, 206, 60), 16)
    for y in range(20, 620, 60):
        draw.line((618, y, 654, y), (180, 30, 30), 10)
    return lit(tilted(image, rng, 40), rng)


def overview(rng: random.Random) -> Image.Image:
    """The building under construction with crane and river."""
    image = surface("sky", rng)
    image.paste(surface("water", rng).crop((0, 0, W, 170)), (0, 640))
    filled(image, rough([(0, 780), (W, 760), (W, H), (0, H)], rng, 6, 30), surface("earth", rng))
    draw = ImageDraw.Draw(image)
    for x in range(0, W, 90):
        high = rng.randint(60, 240)
        draw.rectangle((x, 640 - high, x + rng.randint(50, 88), 642), (142, 156, 168))
    for floor in range(9):
        y = 800 - floor * 72
        draw.rectangle((420, y - 60, 860, y), (128, 130, 128) if floor < 7 else (150, 104, 68))
        draw.rectangle((400, y - 8, 880, y), (168, 168, 162))
        for x in range(450, 850, 80):
            draw.rectangle((x, y - 52, x + 44, y - 10), (58, 62, 66))
    for x in range(430, 860, 24):
        draw.line((x, 152, x, 196), RUST, 4)
    _crane(draw, 960, 800)
    return lit(image, rng)


def _crane(draw: ImageDraw.ImageDraw, x: int, base: int) -> None:
    mast, jib = (196, 150, 36), base - 700 if base > 700 else 60
    for side in (-14, 14):
        draw.line((x + side, jib, x + side, base), mast, 5)
    for y in range(jib, base, 30):
        draw.line((x - 14, y, x + 14, y + 30), mast, 3)
    draw.line((x - 200, jib, x + 420, jib), mast, 9)
    draw.line((x, jib - 60, x + 420, jib), mast, 3)
    draw.line((x, jib - 60, x - 200, jib), mast, 3)
    draw.rectangle((x - 200, jib, x - 140, jib + 40), (90, 90, 88))


SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        wall_rebar, slab_rebar, tape, formwork, props, pour, vibrate, slump, cubes, curing, struck, crack, coupler,
        wrench, cage, rig, sounding, overview,
    )
}  # fmt: skip
