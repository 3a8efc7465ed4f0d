"""Labels as a phone sees them on site: turned, tilted, blurred, under glare and shadow, and partly covered.

Each label is one of our own, laid out as it is printed. The same seed makes the same picture.
"""

import io
import math
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from plumbline.codes import LENGTH, written
from plumbline.reports.labels import DPI, picture
from plumbline.reports.layout import Label, lay_out
from tests.support.labels import bare

FRAME = (1920, 1080)
HOUSES = ("https://192.168.1.20:8443", "https://plumbline.example.com", "https://trace.example.cn")
FACTS = ["HRB400E  Φ25", "数量 Qty 12.5 t", "炉号 Heat 24A-1173", "进场 In 2026-11-27"]
TILT_DEG = 35
COVERED = 0.15
BLUR_MODULES = 0.3
MOTION_MODULES = 0.6
Point = tuple[float, float]
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Soiled:
    """A frame of a camera as JPEG, the link on it, and what was done to it: covered share, blur in modules …"""

    jpeg: bytes
    text: str
    harm: dict[str, float]

    def says(self, texts: list[str]) -> bool:
        """These texts are this label, read once: by its link, or by the bare code in its corner."""
        return len(texts) == 1 and texts[0] in self.texts

    @property
    def texts(self) -> set[str]:
        """What its large code says, and its small one."""
        return {self.text, bare(self.text)}


def soiled_label(seed: int, *, all_over: bool = False) -> Soiled:
    """The label of a seed: every harm is there, each between nothing and the most that is promised.

    Up to 15 % of the large code is covered anywhere, its corner squares too; or up to 15 % of the whole label, both
    codes and words, when it is soiled `all_over`.
    """
    dice = random.Random(seed)
    code = written(dice.getrandbits(5 * LENGTH) >> 2)
    text = f"{dice.choice(HOUSES)}/q/{code}"
    layout = lay_out(Label(text, f"R-{seed:04d}", {"zh": "热轧带肋钢筋", "en": "Ribbed bar"}, FACTS), 60, 40, DPI)
    qr = layout.qr
    side = qr.module * len(qr.rows)
    area = (0, 0, layout.width, layout.height) if all_over else (qr.x, qr.y, qr.x + side, qr.y + side)
    label, covered = _covered(picture(layout), area, dice)
    frame, pixels_a_dot = _held_before(label, dice)
    module = layout.qr.module * pixels_a_dot
    blur = _blur(dice, module)
    frame = _glare(_shadow(frame.filter(ImageFilter.GaussianBlur(blur * module)), dice), dice)
    frame, moved = _moved(frame, dice, module)
    out = io.BytesIO()
    _grained(frame, dice).save(out, "JPEG", quality=dice.randint(60, 90))
    return Soiled(out.getvalue(), text, {"covered": covered, "blur": blur, "moved": moved, "module_px": module})


def _blur(dice: random.Random, module: float) -> float:
    """Standard deviation of the lens's blur in modules; a lens is never sharper than half a pixel."""
    return max(dice.uniform(0, BLUR_MODULES), 0.5 / module)


def _covered(label: Image.Image, area: Box, dice: random.Random) -> tuple[Image.Image, float]:
    """Splashes of mud and mortar, or a strip of tape, on up to 15 % of an area; the share that they cover."""
    aim, mask, splashes = dice.uniform(0, COVERED), Image.new("L", label.size, 0), dice.randint(1, 3)
    for n in range(1, splashes + 1):
        for _ in range(40):
            more = mask.copy()
            _splash(ImageDraw.Draw(more), area, dice, aim / splashes)
            if _share(more, area) <= aim * n / splashes:
                mask = more
                break
    soil = Image.new("L", label.size, dice.choice([56, 78, 172, 206]))
    label.paste(soil, (0, 0), mask.filter(ImageFilter.GaussianBlur(1.5)))
    return label, _share(mask, area)


def _splash(pen: ImageDraw.ImageDraw, area: Box, dice: random.Random, share: float) -> None:
    """One splash, or one strip right across, of about that share of the area."""
    left, top, right, bottom = area
    width, height = right - left, bottom - top
    if dice.random() < 0.2:
        at = dice.uniform(0, 1)
        box = (left - 20, top + at * height, right + 20, top + (at + share) * height)
        upright = (left + at * width, top - 20, left + (at + share) * width, bottom + 20)
        pen.rectangle(box if dice.random() < 0.5 else upright, fill=255)
        return
    middle_x, middle_y = left + dice.uniform(0, 1) * width, top + dice.uniform(0, 1) * height
    reach = math.sqrt(width * height * share / math.pi)
    ring = [(math.tau * n / 14, reach * dice.uniform(0.85, 1.1)) for n in range(14)]
    pen.polygon([(middle_x + r * math.cos(a), middle_y + r * math.sin(a)) for a, r in ring], fill=255)


def _share(mask: Image.Image, box: Box) -> float:
    counted = mask.crop(box).histogram()
    return 1 - counted[0] / sum(counted)


def _held_before(label: Image.Image, dice: random.Random) -> tuple[Image.Image, float]:
    """The label before the lens at any turn, tilted up to 35° both ways; and pixels of the frame for a dot of it."""
    width, height = label.size
    turn, *tilts = dice.uniform(0, math.tau), *(math.radians(dice.uniform(-TILT_DEG, TILT_DEG)) for _ in range(2))
    scale = dice.uniform(0.55, 0.95)  # A label of 60 mm on 390 to 670 pixels: an arm's length to a hand's breadth.
    middle = (FRAME[0] * dice.uniform(0.42, 0.58), FRAME[1] * dice.uniform(0.45, 0.55))
    corners = [(-width / 2, -height / 2), (width / 2, -height / 2), (width / 2, height / 2), (-width / 2, height / 2)]
    seen = [_projected(corner, turn, tilts[0], tilts[1], scale, middle) for corner in corners]
    table = Image.effect_noise((FRAME[0] // 4, FRAME[1] // 4), 40).resize(FRAME)
    table = Image.blend(table, Image.new("L", FRAME, dice.randint(60, 170)), 0.7)
    coefficients = _homography(seen, [(0, 0), (width, 0), (width, height), (0, height)])
    kind = Image.Transform.PERSPECTIVE
    warped = label.transform(FRAME, kind, coefficients, Image.Resampling.BICUBIC, fillcolor=0)
    whole = Image.new("L", label.size, 255).transform(FRAME, kind, coefficients, Image.Resampling.BILINEAR)
    table.paste(warped, (0, 0), whole)
    return table, scale


def _projected(at: Point, turn: float, pitch: float, yaw: float, scale: float, middle: Point) -> Point:
    x = at[0] * math.cos(turn) - at[1] * math.sin(turn)
    y = at[0] * math.sin(turn) + at[1] * math.cos(turn)
    z = y * math.sin(pitch) + x * math.sin(yaw)
    nearer = scale / (1 + z / 2600)
    return middle[0] + x * math.cos(yaw) * nearer, middle[1] + y * math.cos(pitch) * nearer


def _homography(seen: list[Point], flat: list[Point]) -> list[float]:
    """The eight numbers that lead from a pixel of the frame to a dot of the label (Gauss, with pivots)."""
    rows = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]]
    for at in range(8):
        best = max(range(at, 8), key=lambda n: abs(rows[n][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for n in set(range(8)) - {at}:
            rows[n] = [value - rows[n][at] * lead for value, lead in zip(rows[n], rows[at], strict=True)]
    return [row[8] for row in rows]


def _shadow(frame: Image.Image, dice: random.Random) -> Image.Image:
    """Light that falls off from one side to the other, down to a half."""
    slope = Image.linear_gradient("L").rotate(dice.choice((0, 90, 180, 270))).resize(frame.size)
    dark = ImageEnhance.Brightness(frame).enhance(dice.uniform(0.5, 1))
    return Image.composite(frame, dark, slope)


def _glare(frame: Image.Image, dice: random.Random) -> Image.Image:
    """The sun or a lamp mirrored on the label: a bright spot, in its middle up to four fifths white."""
    spot = Image.radial_gradient("L")  # 0 in the middle, 180 where the circle touches its square.
    reach = dice.randint(150, 420)
    glow = Image.new("L", frame.size, 0)
    at = (int(frame.width * dice.uniform(0.38, 0.62)) - reach, int(frame.height * dice.uniform(0.35, 0.65)) - reach)
    strength = dice.uniform(0, 0.8)
    glow.paste(
        spot.resize((2 * reach, 2 * reach)).point(lambda value: int(max(0, 180 - value) / 180 * 255 * strength)), at
    )
    return Image.composite(Image.new("L", frame.size, 255), frame, glow)


def _moved(frame: Image.Image, dice: random.Random, module: float) -> tuple[Image.Image, float]:
    """The hand moves while the shutter is open: up to one module, in any direction."""
    way, angle = dice.uniform(0, MOTION_MODULES), dice.uniform(0, math.tau)
    steps = max(1, round(way * module))
    mixed = frame
    for n in range(1, steps):
        far = way * module * n / (steps - 1 or 1)
        shifted = frame.transform(
            frame.size,
            Image.Transform.AFFINE,
            (1, 0, far * math.cos(angle), 0, 1, far * math.sin(angle)),
            Image.Resampling.BILINEAR,
        )
        mixed = Image.blend(mixed, shifted, 1 / (n + 1))
    return mixed, way


def _grained(frame: Image.Image, dice: random.Random) -> Image.Image:
    """The sensor's noise."""
    noise = Image.effect_noise(frame.size, dice.uniform(4, 16))
    return ImageChops.add(frame, noise, 1, -128)
