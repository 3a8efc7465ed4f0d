"""Which of the photos and papers that a step asks for are still missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from plumbline.definitions.catalogue import evidence_ids
from plumbline.definitions.conditions import Doc

_READINGS = frozenset({"number", "integer", "series"})


class HasRole(Protocol):
    """A file as an act lists it."""

    @property
    def role(self) -> str:
        """`photo:e1`: what the file is, and the evidence of the step that it stands for."""

    @property
    def mime(self) -> str:
        """Media type that the phone named."""


@dataclass(frozen=True)
class Missing:
    """One kind of evidence of which the step has too little."""

    kind: str
    subject: str
    needed: int
    have: int
    names: dict[str, str]

    def as_row(self) -> dict[str, Any]:
        """As a step's feed row carries it."""
        return {
            "kind": self.kind,
            "subject": self.subject,
            "needed": self.needed,
            "have": self.have,
            "names": self.names,
        }


def missing_evidence(
    plan_step: Doc, files: Iterable[HasRole], context: Doc, answers: Doc | None = None
) -> list[Missing]:
    """What the step lacks, in the order of its plan; `subject` is the evidence id of the slim document.

    A file counts for the subject after the colon of its role. Certificates of the lots used count too, when the
    context says how many there are (`lot_certificates`); a measurement record counts when the form has readings.
    """
    listed = list(files)
    missing = []
    for subject, needed in evidence_ids(plan_step):
        have = sum(_stands_for(file, subject, needed["kind"]) for file in listed)
        if needed["kind"] == "certificate":
            have += int(context.get("lot_certificates") or 0)
        if needed["kind"] == "measurement" and _has_readings(plan_step["fields"], answers or {}):
            have += 1
        if have < needed["min"]:
            missing.append(Missing(needed["kind"], subject, needed["min"], have, dict(needed["subject"])))
    return missing


def _stands_for(file: HasRole, subject: str, kind: str) -> bool:
    """A still is no video, and a video is no photo; papers may be photographed."""
    _, _, stands_for = file.role.partition(":")
    is_video = file.mime.startswith("video/")
    return stands_for == subject and is_video == (kind == "video")


def _has_readings(fields: Sequence[Doc], answers: Doc) -> bool:
    return any(answers.get(f["id"]) not in (None, "", []) for f in fields if f["type"] in _READINGS)
