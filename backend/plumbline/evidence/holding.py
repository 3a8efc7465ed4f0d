"""One checker at a time holds an upload, and says every few seconds that it is alive.

So what a killed process held is free soon after, and a long check is never taken away from one that works.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from plumbline import db
from plumbline.evidence import errors, service, uploads
from plumbline.evidence.models import Upload

log = logging.getLogger(__name__)
HOLD = timedelta(seconds=20)
RENEW_SECONDS = 5.0
WAIT_SECONDS = 3.0


def claimed(engine: Engine, project_id: UUID, upload_id: UUID) -> tuple[Upload, bool]:
    """The upload, settled or claimed for this thread, and whether the project has its file verified already.

    Waits a little for another checker. Raises NotFound, FileBeingChecked.
    """
    end = time.monotonic() + WAIT_SECONDS
    while True:
        with db.writing(engine) as session:
            upload = uploads.locked(session, project_id, upload_id)
            if upload.state in ("verified", "refused"):
                return upload, upload.state == "verified"
            if upload.state == "open" or _is_abandoned(upload):
                upload.state = "checking"
                upload.checking_until = db.now() + HOLD
                session.add(upload)
                return upload, service.is_verified(session, project_id, [upload.sha256])
        if time.monotonic() > end:
            raise errors.FileBeingChecked()
        time.sleep(0.1)


def _is_abandoned(upload: Upload) -> bool:
    """Whether its checker has said nothing for too long; an end far ahead was written before the clock went back."""
    moment = db.now()
    return upload.checking_until is None or not moment < upload.checking_until <= moment + HOLD


@contextmanager
def held(engine: Engine, upload: Upload) -> Iterator[None]:
    """Hold a claimed upload for the block. Whatever fails, the phone may complete again; a mismatch stays refused."""
    done = threading.Event()
    threading.Thread(target=_renew, args=(engine, upload, done), name="holds-upload", daemon=True).start()
    try:
        yield
    except errors.FileDigestMismatch:
        raise
    except BaseException:
        settle(engine, upload, "open")
        raise
    finally:
        done.set()


def _renew(engine: Engine, upload: Upload, done: threading.Event) -> None:
    while not done.wait(RENEW_SECONDS):
        try:
            with db.writing(engine) as session:
                row = uploads.locked(session, upload.project_id, upload.id)
                if row.state == "checking":
                    row.checking_until = db.now() + HOLD
                    session.add(row)
        except SQLAlchemyError as bad:
            # Not the check itself: it goes on, and at worst somebody else checks the same bytes.
            log.warning("An upload could not be held: %s", bad)


def settle(engine: Engine, upload: Upload, state: str, **found: Any) -> None:
    """Say what became of an upload; one that another checker has settled meanwhile is not opened again."""
    with db.writing(engine) as session:
        row = uploads.locked(session, upload.project_id, upload.id)
        if state == "open" and row.state != "checking":
            return
        row.state, row.checking_until = state, None
        if state == "verified":
            row.received_bytes = row.bytes
        for name, value in found.items():
            setattr(row, name, value)
        session.add(row)
