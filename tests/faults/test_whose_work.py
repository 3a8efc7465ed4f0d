"""A token that ends between two batches, a log-out with 20 unsent, another person, a removal: lost 0, wrong names 0."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from sqlmodel import Session, col, select

from plumbline.acts.models import ActRow, KeptAct
from plumbline.evidence.models import EvidenceFile
from plumbline.identity.models import Device
from tests.faults.conftest import Manned
from tests.faults.working import by_id, ended_token, foreman, told
from tests.support import engine
from tests.support.device import pae
from tests.support.houses import House
from tests.support.works import add_task


def wrong_names(place: House, saved: list[dict[str, str]]) -> tuple[list[str], list[str]]:
    """What is neither applied nor kept, and what stands under another name or key than it was saved with."""
    acts = by_id(place, [one["id"] for one in saved])
    with Session(place.engine) as session:
        ids = [UUID(one["id"]) for one in saved]
        kept = {str(row.claimed_id): row for row in session.exec(select(KeptAct)) if row.claimed_id in ids}
        points = {str(device.id): device.public_key for device in session.exec(select(Device))}
    lost, wrong = [], []
    for one in saved:
        row = acts.get(one["id"]) or kept.get(one["id"])
        if row is None:
            lost.append(one["id"])
            continue
        said = json.loads(row.payload)
        is_theirs = said["actor"] == one["actor"] and str(row.device_id) == said["device"] == one["device"]
        if not is_theirs or not signed(points[one["device"]], row.payload, row.signature):
            wrong.append(one["id"])
    return lost, wrong


def signed(point: bytes, payload: bytes, signature: bytes) -> bool:
    """Whether the key made this, asked of the library and not of the product."""
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    der = utils.encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        key.verify(der, pae(payload), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def test_no_end_of_a_session_loses_work_or_gives_it_to_another(
    manned: Manned, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    place, cast = manned.house, manned.cast
    task = add_task(cast, code=f"NAMES-{place.kind}")
    first, second = (foreman(manned, f"{who}-{place.kind}") for who in ("first", "second"))
    asked = {"LOGIN": first.login, "OTHER": second.login, "PROJECT": cast.project_id, "TASK": task}
    asked |= {"ENDED": ended_token(place, first), "REMOVED": tmp_path / "removed", "REPORT": tmp_path / "said.json"}
    phone = engine.begin("session", place.url, **asked)
    try:
        saved = told(tmp_path / "said.json", phone)["saved"]
        removal = {"person": str(second.person_id), "reason": "left the site"}
        cast.administrator.did("member:remove", second.person_id, removal)
        (tmp_path / "removed").touch()
        engine.finish(phone)
    finally:
        phone.kill()

    lost, wrong = wrong_names(place, saved)
    hashes = {f["sha256"] for one in saved for f in files_of(place, one["id"])}
    with Session(place.engine) as session:
        listed = select(EvidenceFile).where(col(EvidenceFile.sha256).in_(hashes), EvidenceFile.status == "verified")
        verified = len(list(session.exec(listed)))
    record_property(
        f"ended token, log-out with 20 unsent, another person, a removal, {place.kind}",
        f"{len(saved)} acts, {len(hashes)} photos: lost {len(lost)} acts and {len(hashes) - verified} photos, under a "
        f"wrong name {len(wrong)}",
    )
    assert (len(saved), lost, wrong) == (150, [], [])
    assert verified == len(hashes) == 30


def files_of(place: House, act_id: str) -> list[dict[str, Any]]:
    """What an act lists, whether it was applied or only kept."""
    with Session(place.engine) as session:
        row: ActRow | KeptAct | None = session.get(ActRow, UUID(act_id))
        row = row or session.exec(select(KeptAct).where(KeptAct.claimed_id == UUID(act_id))).one()
        files: list[dict[str, Any]] = json.loads(row.payload)["files"]
        return files
