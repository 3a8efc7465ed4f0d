"""The pictures of a sample site: which scene, with which words on its board, by whose camera."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from plumbline.definitions import catalogue
from plumbline.sample import papers, photos
from plumbline.sample.ground import Ground, Task
from plumbline.sample.rows import Delivery, Paper
from plumbline.sample.site import Photo, Site

# On every so many photos the phone was held otherwise (EXIF orientation), or the picture came from the gallery.
TURNED = {11: 6, 17: 8, 23: 3}
FROM_GALLERY = 9
METRES_PER_DEGREE = 111_320


@dataclass
class Album:
    """Draws pictures; counts them, so that no two are taken alike."""

    site: Site
    ground: Ground
    tasks: dict[str, Task]
    lots: dict[str, Photo] = field(default_factory=dict)
    taken: int = 0

    @property
    def is_chinese(self) -> bool:
        """The language of this site."""
        return self.ground.name_en is not None

    def of_work(self, scene: str, role: str, task: str, what: str, at: datetime) -> Photo:
        """A photo of work at a task; `what` is a step kind or words."""
        kind = catalogue.step_kind(what)
        words = kind.body["names"]["zh" if self.is_chinese else "en"] if kind else what
        node = self.tasks[task]
        board = (self.ground.name, f"{node.code} {node.name}", words)
        shot = self._shot(at, board, node)
        content = photos.photo(scene, shot, self._rng(scene))
        return Photo(content, role, "gallery" if self.taken % FROM_GALLERY == 0 else "camera")

    def of_lot(self, row: Delivery, at: datetime) -> Photo:
        """The tag of a bundle or the delivery note of a truck; kept, for steps that show the same paper."""
        rng = self._rng(row.key)
        if row.photo == "tag":
            lines = [f"{row.manufacturer}", f"{row.grade}  Φ{row.size}", f"炉号 {row.heat_no}", f"捆批 {row.batch_no}"]
            if not self.is_chinese:
                lines = [f"{row.manufacturer}", f"{row.grade}  {row.size} mm", f"Heat {row.heat_no}", f"{row.batch_no}"]
            canvas = papers.tag(rng, lines)
        else:
            canvas = papers.delivery_note(rng, *self._note(row, at))
        content = photos.finished(canvas, self._shot(at, (self.ground.name, row.delivery_note or ""), None), rng)
        self.lots[row.key] = Photo(content, "photo")
        return self.lots[row.key]

    def of_paper(self, row: Paper, at: datetime) -> Photo:
        """A photographed certificate."""
        label, issuer = ("证书编号", "单位") if self.is_chinese else ("No.", "Issuer")
        head = [f"{issuer}: {row.issuer}", f"{label}: {row.number}    {row.standard}"]
        rng = self._rng(row.number)
        canvas = papers.certificate(rng, row.title, head, row.table)
        return Photo(photos.finished(canvas, self._shot(at, (row.number,), None), rng), "certificate")

    def _note(self, row: Delivery, at: datetime) -> tuple[str, list[tuple[str, str]]]:
        values = (
            row.delivery_note,
            row.grade,
            row.vehicle,
            f"{row.quantity} m³",
            row.batch_no,
            f"{self._local(at):%H:%M}",
        )
        names = ("发货单号", "强度等级", "车号", "方量", "配合比", "到场时间")
        title = "预拌混凝土发货单"
        if not self.is_chinese:
            names, title = ("Ticket", "Class", "Vehicle", "Volume", "Batch", "On site"), "Delivery ticket"
        return title, [(name, value or "") for name, value in zip(names, values, strict=True)]

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.site.zone)

    def _rng(self, what: str) -> random.Random:
        return random.Random(f"{self.ground.code} {what} {self.taken}")

    def _shot(self, at: datetime, board: tuple[str, ...], node: Task | None) -> photos.Shot:
        self.taken += 1
        place = None
        if node is not None and node.lat and node.lon and self.taken % 3:
            off = [self.site.rng.uniform(-9, 9) / METRES_PER_DEGREE for _ in range(2)]
            place = (float(node.lat) + off[0], float(node.lon) + off[1])
        turned = next((turn for every, turn in TURNED.items() if self.taken % every == 0), 1)
        return photos.Shot(self._local(at), board, place, self.taken, turned)
