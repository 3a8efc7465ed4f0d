"""What a record lacks of what its form asks for: photos, papers and answers. Found once, when it is recorded."""

from collections.abc import Iterable, Mapping
from typing import Any

from plumbline.acts.transaction import ActFile
from plumbline.definitions.answers import unanswered
from plumbline.definitions.catalogue import condition_defaults
from plumbline.definitions.evidence import missing_evidence

Doc = Mapping[str, Any]


def rows(form: Doc, files: Iterable[ActFile], said: Doc, context: Doc) -> list[dict[str, Any]]:
    """Missing evidence, then required fields without an answer (kind `answer`); the approver sees both."""
    lacking = [m.as_row() for m in missing_evidence(form, files, context, said["answers"])]
    names = {field["id"]: field["names"] for field in form["fields"]}
    empty = unanswered(form, said["answers"], said["environment"], {}, condition_defaults())
    return lacking + [
        {"kind": "answer", "subject": field, "needed": 1, "have": 0, "names": dict(names[field])} for field in empty
    ]
