"""What applies to evidence: evidence:verified and evidence:forget, by the house only."""

from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field, StringConstraints
from sqlmodel import Session, select

from plumbline.acts import gathering
from plumbline.acts.intake import insert_new
from plumbline.acts.registry import FEED, Body, applies
from plumbline.acts.transaction import Act, Tx
from plumbline.evidence import errors, service
from plumbline.evidence.models import EvidenceFile

NAMESPACE = UUID("0f7c2ad4-5a0e-5d5f-8f6c-7a3c0c5f9b1e")


class VerifiedBody(Body):
    """What the server found when it read a file."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    bytes: int = Field(ge=1)
    mime: Annotated[str, StringConstraints(min_length=3, max_length=100)]
    decodable: bool | None = None
    width: int | None = Field(default=None, ge=0, lt=2**31)
    height: int | None = Field(default=None, ge=0, lt=2**31)
    note: Annotated[str, StringConstraints(max_length=60)] | None = None


def object_id(project_id: UUID, sha256: str) -> UUID:
    """The id of a file as the object of acts: always the same for the same file in a project."""
    return uuid5(NAMESPACE, f"{project_id}:{sha256}")


@applies("evidence:verified", VerifiedBody, by_house=True)
def verified(tx: Tx, act: Act, body: VerifiedBody) -> None:
    """A file is here, every byte of it: wake acts that wait for it, redraw what shows it. A repeat does nothing."""
    file = locked(tx.session, act.project_id, body.sha256)
    if file.status == "verified":
        return
    file.status, file.bytes, file.mime = "verified", body.bytes, body.mime
    file.is_decodable, file.width_px, file.height_px = body.decodable, body.width, body.height
    file.note, file.verified_act_id = body.note, act.id
    tx.session.add(file)
    gathering.of(tx.session).forget(service.FILES)
    tx.arrived.append(f"file:{body.sha256}")
    for kind, id in service.objects_with(tx.session, act.project_id, body.sha256):
        if kind in FEED:
            tx.touch(kind, id)
    if body.decodable:
        # One job for each verification: a file that was forgotten and sent again has lost its derivatives.
        tx.job("derive", f"{act.project_id}:{body.sha256}:{act.id}", str(act.project_id), body.sha256)
    for hook in service.ON_VERIFIED:
        hook(tx, act.project_id, body.sha256)


class ForgetBody(Body):
    """A file that nothing names."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@applies("evidence:forget", ForgetBody, by_house=True)
def forget(tx: Tx, act: Act, body: ForgetBody) -> None:
    """A file was here long enough without an act that names it; its bytes go. Raises FileNamed.

    Whoever names it in the same moment comes before or after this lock: before, this is refused; after, the file is
    expected, and the phone is asked for it.
    """
    file = locked(tx.session, act.project_id, body.sha256)
    if service.objects_with(tx.session, act.project_id, body.sha256):
        raise errors.FileNamed(sha256=body.sha256)
    file.status, file.verified_act_id = "expected", None
    file.bytes = file.mime = file.is_decodable = file.width_px = file.height_px = file.note = None
    tx.session.add(file)
    gathering.of(tx.session).forget(service.FILES)


def locked(session: Session, project_id: UUID, sha256: str) -> EvidenceFile:
    """The file's row, made when no act named it yet, locked on PostgreSQL against acts that list it just now."""
    row = {"project_id": project_id, "sha256": sha256, "status": "expected"}
    insert_new(session, EvidenceFile, [row], ["project_id", "sha256"])
    wanted = select(EvidenceFile).where(EvidenceFile.project_id == project_id, EvidenceFile.sha256 == sha256)
    return session.exec(wanted.with_for_update().execution_options(populate_existing=True)).one()
