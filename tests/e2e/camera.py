"""What the phone's camera sees: a file that Chromium plays in place of a camera, read anew each time it opens."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import qrcode
import zxingcpp
from PIL import Image, ImageDraw

SIZE = (640, 480)
FRAMES = 8


@dataclass(frozen=True)
class Camera:
    """The fake camera. Point it at something, then let the app open it."""

    path: Path

    def sees_code(self, text: str) -> None:
        """A label with a QR code of `text`, on a grey table."""
        code = qrcode.make(text, border=4).convert("RGB").resize((400, 400), Image.Resampling.NEAREST)
        self._play(lambda picture: picture.paste(code, (120, 40)))

    def sees_data_matrix(self, elements: str) -> None:
        """A maker's GS1 Data Matrix, given in its human-readable form, on a grey table."""
        symbol = zxingcpp.create_barcode(elements, zxingcpp.BarcodeFormat.DataMatrix, gs1=True)
        drawn = Image.fromarray(symbol.to_image(scale=10)).convert("RGB")
        drawn.thumbnail((400, 400), Image.Resampling.NEAREST)
        self._play(lambda picture: picture.paste(drawn, ((SIZE[0] - drawn.width) // 2, (SIZE[1] - drawn.height) // 2)))

    def sees_code128(self, text: str) -> None:
        """A mill's bar code, as on the tag of a bundle, on a grey table."""
        symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
        drawn = Image.fromarray(symbol.to_image(scale=3)).convert("RGB")
        tag = Image.new("RGB", (drawn.width + 40, 160), "white")
        tag.paste(drawn.resize((drawn.width, 120), Image.Resampling.NEAREST), (20, 20))
        self._play(lambda picture: picture.paste(tag, ((SIZE[0] - tag.width) // 2, (SIZE[1] - tag.height) // 2)))

    def sees_picture(self, png: bytes) -> None:
        """A picture held before it, such as a code on another screen."""
        with Image.open(io.BytesIO(png)) as shown:
            held = shown.convert("RGB")
        held.thumbnail((440, 440))
        self._play(lambda picture: picture.paste(held, ((SIZE[0] - held.width) // 2, (SIZE[1] - held.height) // 2)))

    def sees_scene(self, number: int = 0) -> None:
        """Something on site without any code; each number looks different."""

        def draw(picture: Image.Image) -> None:
            pen = ImageDraw.Draw(picture)
            for row in range(8):
                shade = (60 + 20 * row, (90 + number * 37) % 200, 110 + 10 * (number % 12))
                pen.rectangle((0, row * 60, 640, row * 60 + 52), fill=shade)
            pen.text((40, 40), f"scene {number}", fill="white", font_size=48)

        self._play(draw)

    def _play(self, draw: Callable[[Image.Image], None]) -> None:
        picture = Image.new("RGB", SIZE, (120, 124, 128))
        draw(picture)
        frame = io.BytesIO()
        picture.save(frame, "JPEG", quality=92)
        fresh = self.path.with_suffix(".new")
        fresh.write_bytes(frame.getvalue() * FRAMES)
        os.replace(fresh, self.path)
