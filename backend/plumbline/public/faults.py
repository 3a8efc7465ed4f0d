"""Taking a report: the photo goes in as evidence, the act is the house's, and the server reads the photo back."""

import hashlib
from uuid import UUID

from sqlalchemy import Engine

from plumbline import db
from plumbline.acts import house
from plumbline.acts.intake import HOUSE_PERSON
from plumbline.defects.models import Defect
from plumbline.evidence import checking, sniff, uploads
from plumbline.evidence.schemas import UploadAsked
from plumbline.identity.access import Caller
from plumbline.jobs import Context
from plumbline.public.errors import FaultPhotoWrong
from plumbline.settings import Settings
from plumbline.storage.interface import incoming_key
from plumbline.storage.service import open_store

PHOTOS = ("image/jpeg", "image/png", "image/webp")
MAX_PHOTO_BYTES = 8_000_000


def check_photo(photo: bytes) -> str:
    """The photo's type, by its bytes. Raises FaultPhotoWrong."""
    mime = sniff.sniff(photo[: sniff.HEAD_BYTES])
    if mime not in PHOTOS or len(photo) > MAX_PHOTO_BYTES:
        raise FaultPhotoWrong(limit_mb=MAX_PHOTO_BYTES // 1_000_000)
    return str(mime)


def report(
    engine: Engine, settings: Settings, project_id: UUID, task: UUID, lot: UUID | None, note: str, photo: bytes | None
) -> str:
    """Make a defect of it; returns its code. Raises FaultPhotoWrong, StoreFull, StoreUnavailable."""
    listed, upload = [], None
    if photo:
        mime = check_photo(photo)
        asked = UploadAsked(sha256=hashlib.sha256(photo).hexdigest(), bytes=len(photo), mime=mime)
        upload = _kept(engine, settings, project_id, asked, photo)
        # Nobody can say whether it was taken now or chosen from the gallery.
        listed = [{**asked.model_dump(), "role": "photo", "capture": "gallery"}]
    defect = house.new_id()
    body = {"task": str(task), "lot": str(lot) if lot else None, "note": note}
    result = house.post(engine, settings, project_id, "fault:report", defect, body, files=listed)
    if result.verdict != "applied":
        raise RuntimeError(f"the house's own act was {result.verdict}: {result.problem}")
    if upload is not None:
        checking.complete(Context(engine, settings, open_store(settings)), project_id, upload)
    with db.reading(engine) as session:
        return session.get_one(Defect, defect).code


def _kept(engine: Engine, settings: Settings, project_id: UUID, asked: UploadAsked, photo: bytes) -> UUID | None:
    """Put the bytes where an upload's come in; None when the server has them already."""
    store = open_store(settings)
    sender = Caller(HOUSE_PERSON, None, "en")
    with db.writing(engine) as session:
        told = uploads.intend(session, settings, store, project_id, sender, [asked])[0]
    if told.upload_id is None:
        return None
    store.put(incoming_key(told.upload_id), [photo])
    return told.upload_id
