"""What is said of the nodes of a trace, and what stands beside them: one statement for all of it.

Each part of the statement gives rows of one form: which part, position in the order asked for, id, texts, two
quantities in millionths, and a JSON array for what is only shown. Beside the nodes stand suppliers, crews, people,
equipment, certificates, tests, defects and files: joined to what was found, never walked through.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from plumbline.evidence.service import PREVIEW_OF
from plumbline.trace.graph import Id, printed
from plumbline.trace.walk import AT_ONCE, id_list, is_sqlite, listed, one


class Row(NamedTuple):
    """One row of the statement. `doc` is the kind of a node, or the JSON array of what stands beside."""

    part: int
    position: int | None
    id: Id
    code: str | None
    name: str | None
    name_en: str | None
    heat: str | None
    status: str | None
    material: str | None
    unit: str | None
    form: str | None
    at: str | None
    total: int | None
    on_hand: int | None
    doc: str


INFLOW = "l.received + l.produced + l.counted_in"
# What a lot ever had. An overdrawn lot had at least what went out of it.
TOTAL = f"CASE WHEN l.on_hand < 0 THEN {INFLOW} - l.on_hand ELSE {INFLOW} END"
# Kind of node → table, and its columns in the order of Row, from `code` to `on_hand`.
NODES: dict[str, tuple[str, tuple[str, ...]]] = {
    "lot": (
        "lot",
        ("l.code", "l.grade", "l.size", "COALESCE(l.heat_no, l.batch_no)", "l.status", "l.material", "l.unit", "l.kind",
         "l.received_at", TOTAL, "l.on_hand"),
    ),
    "step": (
        "step",
        ("NULL", "l.kind", "NULL", "NULL", "l.status", "NULL", "NULL", "NULL", "COALESCE(l.started_at, l.received_at)",
         "NULL", "NULL"),
    ),
    "task": ("task", ("l.code", "l.name", "l.name_en", "NULL", "l.level", *["NULL"] * 6)),
}  # fmt: skip
# What those expressions read, for the two kinds that context is joined to: looked up once for both.
READ = {
    "lot": "l.code, l.grade, l.size, l.heat_no, l.batch_no, l.status, l.material, l.unit, l.kind, l.received_at,"
    " l.received, l.produced, l.counted_in, l.on_hand",
    "step": "l.kind, l.status, l.started_at, l.received_at",
}
AT = 8  # Where the instant stands among those columns: PostgreSQL wants it as text.

# What stands beside: columns, and from where. `lots` and `steps` are those found.
CONTEXT: dict[str, tuple[tuple[str, ...], str]] = {
    "organizations": (
        ("id", "name", "name_en", "kind"),
        "organization AS c WHERE c.project_id = :project AND c.id IN (SELECT supplier_id FROM lots UNION"
        " SELECT m.organization_id FROM membership AS m WHERE m.project_id = :project"
        " AND m.person_id IN (SELECT id FROM people))",
    ),
    "crews": (
        ("id", "name", "name_en", "organization_id", "trade"),
        "crew AS c WHERE c.project_id = :project"
        " AND c.id IN (SELECT crew_id FROM steps UNION SELECT crew_id FROM lots UNION"
        " SELECT s.crew_id FROM lots CROSS JOIN station_event AS s"
        " WHERE s.project_id = :project AND s.lot_id = lots.id)",
    ),
    "people": (
        ("id", "display_name", "organization_id", "roles", "crew_id", "state"),
        "(SELECT m.person_id AS id, p.display_name, m.organization_id, m.roles, m.crew_id, m.state"
        " FROM membership AS m JOIN person AS p ON p.id = m.person_id"
        " WHERE m.project_id = :project AND m.person_id IN (SELECT id FROM people)) AS c WHERE 1 = 1",
    ),
    "equipment": (
        ("id", "code", "name", "name_en", "kind", "serial_no", "calibrated_on", "calibration_due_on", "qr"),
        "equipment AS c WHERE c.project_id = :project AND c.id IN (SELECT e.equipment_id FROM steps"
        " CROSS JOIN step_equipment AS e WHERE e.project_id = :project AND e.step_id = steps.id"
        " UNION SELECT s.equipment_id FROM lots CROSS JOIN station_event AS s"
        " WHERE s.project_id = :project AND s.lot_id = lots.id)",
    ),
    "certificates": (
        ("id", "kind", "number", "issuer", "standard", "heats", "note", "issued_on", "act_id"),
        "certificate AS c WHERE c.project_id = :project AND c.id IN (SELECT k.certificate_id FROM proven"
        " CROSS JOIN certificate_lot AS k WHERE k.lot_id = proven.id)",
    ),
    "tests": (
        ("id", "lot_id", "kind", "result", "report_no", "values", "laboratory_id", "sampled_on", "tested_on", "due_on",
         "act_id"),
        "(SELECT t.* FROM proven CROSS JOIN test_result AS t WHERE t.lot_id = proven.id) AS c WHERE 1 = 1",
    ),
    "defects": (
        ("id", "code", "task_id", "step_id", "title", "description", "severity", "status", "raised_by", "at_wall",
         "at_offset_min", "act_id"),
        "(SELECT d.* FROM opened CROSS JOIN defect AS d WHERE d.project_id = :project AND d.task_id = opened.id) AS c"
        " WHERE 1 = 1",
    ),
    # Which lots the certificates cover, for those found; joined to them below.
    "covers": (
        ("certificate_id", "lot_id"),
        "(SELECT k.certificate_id AS id, k.certificate_id, k.lot_id FROM proven CROSS JOIN certificate_lot AS k"
        " WHERE k.lot_id = proven.id) AS c WHERE 1 = 1",
    ),
    "files": (
        ("step_id", "sha256", "bytes", "mime", "role", "capture", "status", "decodable"),
        "(SELECT steps.id, steps.id AS step_id, a.sha256, COALESCE(f.bytes, a.bytes) AS bytes,"
        " COALESCE(f.mime, a.mime) AS mime, a.role, a.capture, f.status, f.is_decodable AS decodable"
        " FROM steps CROSS JOIN act_file AS a JOIN file AS f ON f.project_id = :project AND f.sha256 = a.sha256"
        " WHERE a.project_id = :project AND a.act_id = steps.act_id) AS c WHERE 1 = 1",
    ),
}  # fmt: skip


def statement(session: Session, is_open_apart: bool, left_out: Iterable[str] = (), in_order: bool = False) -> str:
    """The one query: nodes of `:ids` (in that order, if asked for), then what stands beside those of `:open`."""
    is_small = is_sqlite(session)
    parts = [_nodes(kind, is_small, kind in READ and not is_open_apart) for kind in NODES]
    parts += [_context(number, name, is_small) for number, name in enumerate(CONTEXT, 1) if name not in left_out]
    opened = listed(session, "open") if is_open_apart else "given"
    return (
        f"WITH given AS (SELECT * FROM {listed(session, 'ids')} AS g), opened AS (SELECT * FROM {opened} AS o),"
        f" lots AS (SELECT opened.position, l.id, l.root_id, l.supplier_id, l.crew_id, {READ['lot']}"
        " FROM opened CROSS JOIN lot AS l WHERE l.id = opened.id AND l.project_id = :project),"
        f" steps AS (SELECT opened.position, l.id, l.crew_id, l.recorded_by, l.act_id, {READ['step']}"
        " FROM opened CROSS JOIN step AS l WHERE l.id = opened.id AND l.project_id = :project),"
        " people AS (SELECT recorded_by AS id FROM steps UNION SELECT p.person_id FROM steps"
        " CROSS JOIN step_person AS p WHERE p.project_id = :project AND p.step_id = steps.id UNION"
        " SELECT s.operator_id FROM lots CROSS JOIN station_event AS s"
        " WHERE s.project_id = :project AND s.lot_id = lots.id),"
        " proven AS (SELECT id FROM lots UNION SELECT root_id FROM lots) "
        + " UNION ALL ".join(parts)
        # SQLite reads the lists in their order; PostgreSQL may take another way and is told.
        + (f" ORDER BY 1, {len(Row._fields)}, 2" if in_order and not is_small else "")
    )


def _nodes(kind: str, is_small: bool, is_read: bool) -> str:
    table, columns = NODES[kind]
    cast = list(columns)
    cast[AT] = columns[AT] if is_small else f"CAST({columns[AT]} AS text)"
    id = "l.id" if is_small else "CAST(l.id AS text)"
    said = f"{id}, {', '.join(cast)}, '{kind}'"
    if is_read:
        return f"SELECT 0 AS part, l.position, {said} FROM {kind}s AS l"
    return (
        f"SELECT 0 AS part, given.position, {said}"
        f" FROM given CROSS JOIN {table} AS l WHERE l.id = given.id AND l.project_id = :project"
    )


def _context(number: int, name: str, is_small: bool) -> str:
    columns, source = CONTEXT[name]
    array = ", ".join(f'c."{c}"' for c in columns)
    doc = f"json_array({array})" if is_small else f"CAST(json_build_array({array}) AS text)"
    id = "c.id" if is_small else "CAST(c.id AS text)"
    nulls = ", ".join(["NULL"] * (len(Row._fields) - 4))
    return f"SELECT {number}, NULL, {id}, {nulls}, {doc} FROM {source}"


def read(
    session: Session,
    project_id: UUID,
    ids: Iterable[Id],
    opened: Iterable[Id] | None = None,
    *,
    left_out: Iterable[str] = (),
    in_order: bool = False,
) -> Iterator[Row]:
    """Rows of the nodes, and of what stands beside those that are `opened` (None: beside all), without `left_out`.

    When `in_order`, nodes come before the rest, by kind and in the order of `ids`, from a server-side cursor.
    """
    values = {"project": one(session, project_id), "ids": id_list(session, ids)}
    if opened is not None:
        values["open"] = id_list(session, opened)
    options = {"stream_results": True, "yield_per": AT_ONCE} if in_order else {}
    sql = text(statement(session, opened is not None, left_out, in_order))
    with session.connection().execute(sql, values, execution_options=options) as rows:
        yield from map(partial(tuple.__new__, Row), chain.from_iterable(rows.partitions(AT_ONCE)))


LISTS = tuple(name for name in CONTEXT if name != "covers")


def context(rows: Iterable[Row]) -> dict[str, list[dict[str, Any]]]:
    """What stands beside, by list, each in a stable order. Ids and days as the API prints them."""
    names = list(CONTEXT)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for row in rows:
        name = names[row.part - 1]
        columns, _ = CONTEXT[name]
        values = zip(columns, json.loads(row.doc), strict=True)
        found[name].append({column: _plain(column, value) for column, value in values})
    covers: dict[str, list[str]] = {}
    for pair in found.pop("covers"):
        covers.setdefault(pair["certificate_id"], []).append(pair["lot_id"])
    for certificate in found["certificates"]:
        certificate["lot_ids"] = sorted(covers.get(certificate["id"], []))
    found["files"] = _with_previews(found["files"])
    return {name: sorted(some, key=_by_name) for name, some in found.items()}


def _by_name(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(key) or "") for key in ("code", "number", "name", "display_name", "step_id", "role", "id"))


def _with_previews(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Originals, each once, with the phone's own JPEG of it where there is one."""
    previews = {
        (f["step_id"], f["role"].removeprefix(PREVIEW_OF)): f["sha256"]
        for f in files
        if f["role"].startswith(PREVIEW_OF)
    }
    originals = {(f["step_id"], f["sha256"], f["role"]): f for f in files if not f["role"].startswith(PREVIEW_OF)}
    return [{**f, "preview_sha256": previews.get((f["step_id"], f["sha256"]))} for f in originals.values()]


# Columns that SQLite gives back as it stores them: ids without dashes, JSON as text, booleans as numbers.
DOCUMENTS = ("roles", "heats", "values")


def _plain(column: str, value: Any) -> Any:
    if value is None:
        return None
    if column in DOCUMENTS:
        return json.loads(value) if isinstance(value, str) else value
    if column == "decodable":
        return bool(value)
    return printed(value) if column == "id" or column.endswith("_id") or column == "raised_by" else value


def moment(stored: str | None) -> str | None:
    """An instant of a row as the API prints it: UTC to the second, with Z."""
    if stored is None:
        return None
    if len(stored) in (19, 26) or stored.endswith("+00"):  # UTC already, on both databases as they are set up.
        return f"{stored[:10]}T{stored[11:19]}Z"
    found = datetime.fromisoformat(stored)
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return f"{found:%Y-%m-%dT%H:%M:%S}Z"
