"""The rules of evidence that other domains call: what acts list, what is verified, what a feed row shows."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, tuple_
from sqlmodel import Session, col, select

from plumbline.acts import gathering
from plumbline.acts.intake import insert_new
from plumbline.acts.transaction import Act, Tx
from plumbline.evidence.models import ActFileRow, EvidenceFile
from plumbline.settings import Settings
from plumbline.storage.errors import ObjectMissing, StoreUnavailable
from plumbline.storage.interface import evidence_key
from plumbline.storage.service import open_store

Row = dict[str, Any]
FILES = "files"  # What a transaction knows of files: (project, hash) → status, from locked rows.
# A file with this role and the hash of another is what the phone itself could show of that one.
PREVIEW_OF = "preview:"
# Called when a file becomes verified, in the transaction of evidence:verified: (tx, project, sha256).
ON_VERIFIED: list[Callable[[Tx, UUID, str], None]] = []


def declare(tx: Tx, act: Act) -> None:
    """Note the files that an act lists. Runs before the act is applied."""
    expect(tx.session, [act])
    kind = act.type.partition(":")[0]
    for position, file in enumerate(act.files):
        tx.row(
            ActFileRow,
            project_id=act.project_id,
            act_id=act.id,
            position=position,
            object_kind=kind,
            object_id=act.object_id,
            **vars(file),
        )


def expect(session: Session, acts: Sequence[Act]) -> None:
    """Let the files of these acts, all of one project, be known; read at once which of them are verified.

    On PostgreSQL the file rows stay share-locked to the commit: whoever judges here that a file is still expected
    cannot miss a verification that happens at the same time, which then waits and finds the acts' rows.
    """
    known = gathering.of(session).facts(FILES)
    new = {(act.project_id, file.sha256) for act in acts for file in act.files} - known.keys()
    if not new:
        return
    rows = [{"project_id": project, "sha256": name, "status": "expected"} for project, name in sorted(new)]
    insert_new(session, EvidenceFile, rows, ["project_id", "sha256"])
    t = EvidenceFile.__table__  # type: ignore[attr-defined]  # SQLModel does not type it.
    wanted = select(t.c.project_id, t.c.sha256, t.c.status).where(tuple_(t.c.project_id, t.c.sha256).in_(new))
    locked = wanted.order_by(t.c.project_id, t.c.sha256).with_for_update(read=True)
    known.update({(project, name): status for project, name, status in session.execute(locked)})


def lock(session: Session, project_id: UUID, names: Sequence[str]) -> None:
    """Share-lock the rows of these files, those that exist, to the end of the transaction. SQLite has one writer."""
    if session.get_bind().dialect.name == "postgresql":
        t = EvidenceFile.__table__  # type: ignore[attr-defined]  # SQLModel does not type it.
        locked = select(t.c.sha256).where(t.c.project_id == project_id, t.c.sha256.in_(names))
        session.execute(locked.order_by(t.c.sha256).with_for_update(read=True))


def unverified(session: Session, project_id: UUID, names: Sequence[str]) -> list[str]:
    """Those of the hashes that the server has not read and hashed itself, in the order given."""
    here = gathering.of(session).facts(FILES)
    asked = [name for name in names if (project_id, name) not in here]
    known = {name for name in names if here.get((project_id, name)) == "verified"}
    if asked:
        wanted = select(EvidenceFile.sha256).where(
            EvidenceFile.project_id == project_id,
            col(EvidenceFile.sha256).in_(asked),
            EvidenceFile.status == "verified",
        )
        known |= set(session.exec(wanted))
    return [name for name in names if name not in known]


def is_verified(session: Session, project_id: UUID, names: Sequence[str]) -> bool:
    """Whether every one of the files is verified; True for none."""
    return not unverified(session, project_id, names)


def read_bytes(settings: Settings, project_id: UUID, sha256: str) -> bytes:
    """A verified original, whole, for small files such as imports. Raises StoreUnavailable."""
    try:
        return b"".join(open_store(settings).read(evidence_key(project_id, sha256)))
    except ObjectMissing as missing:
        raise StoreUnavailable() from missing


def file_rows(session: Session, project_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """The files of feed rows by act id or by object id, whichever is asked for; each file and role once, in order."""
    if not ids:
        return {}
    wanted = (
        select(ActFileRow, EvidenceFile)
        .where(ActFileRow.project_id == project_id, EvidenceFile.project_id == project_id)
        .where(ActFileRow.sha256 == EvidenceFile.sha256)
        .where(or_(col(ActFileRow.act_id).in_(ids), col(ActFileRow.object_id).in_(ids)))
        .order_by(col(ActFileRow.act_id), col(ActFileRow.position))
    )
    asked = set(ids)
    found: dict[UUID, dict[tuple[str, str], Row]] = {}
    for listed, file in session.exec(wanted):
        for id in {listed.act_id, listed.object_id} & asked:
            found.setdefault(id, {}).setdefault((listed.sha256, listed.role), _row(listed, file))
    return {id: _with_previews(list(rows.values())) for id, rows in found.items()}


def _with_previews(rows: list[Row]) -> list[Row]:
    """Originals, each with the phone's own JPEG of it where there is one: a server may lack a decoder (HEIC)."""
    previews = {
        row["role"].removeprefix(PREVIEW_OF): row["sha256"] for row in rows if row["role"].startswith(PREVIEW_OF)
    }
    originals = [row for row in rows if not row["role"].startswith(PREVIEW_OF)]
    return [{**row, "preview_sha256": previews.get(row["sha256"])} for row in originals]


def _row(listed: ActFileRow, file: EvidenceFile) -> Row:
    return {
        "sha256": listed.sha256,
        "bytes": listed.bytes if file.bytes is None else file.bytes,
        "mime": file.mime or listed.mime,
        "role": listed.role,
        "capture": listed.capture,
        "status": file.status,
        "decodable": file.is_decodable,
    }


def objects_with(session: Session, project_id: UUID, sha256: str) -> list[tuple[str, UUID]]:
    """(kind, id) of everything whose acts list the file, in a steady order."""
    wanted = (
        select(ActFileRow.object_kind, ActFileRow.object_id)
        .where(ActFileRow.project_id == project_id, ActFileRow.sha256 == sha256)
        .distinct()
        .order_by(col(ActFileRow.object_kind), col(ActFileRow.object_id))
    )
    return [(kind, id) for kind, id in session.exec(wanted)]
