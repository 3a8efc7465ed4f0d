"""Where a trace may start, and which nodes that stands for.

Suppliers, crews, equipment, certificates and periods are no nodes: they stand for the nodes that they are beside.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

StartKind = Literal[
    "lot", "step", "task", "test", "certificate", "defect", "delivery", "equipment", "crew", "supplier", "period"
]
# Kinds that are found by what is written on paper or by days, and not by an id.
WITHOUT_ID = ("delivery", "period")


@dataclass(frozen=True)
class Start:
    """What is asked about: an id, the number of a delivery note, or a period (`since` inclusive, `until` exclusive)."""

    kind: StartKind
    id: UUID | None = None
    note: str | None = None
    since: datetime | None = None
    until: datetime | None = None


# Table of the thing itself, that it is of this project.
TABLES: dict[str, str] = {
    "lot": "lot", "step": "step", "task": "task", "test": "test_result", "certificate": "certificate",
    "defect": "defect", "equipment": "equipment", "crew": "crew", "supplier": "organization",
}  # fmt: skip

_BELOW = (
    "tree(id) AS ({root} UNION SELECT t.id FROM tree CROSS JOIN task AS t"
    " WHERE t.parent_id = tree.id AND t.project_id = :project)"
)
# Recursions that a kind needs before its seeds: a task stands for itself and all below it, a defect for its task too.
TREES: dict[str, str] = {
    "task": _BELOW.format(root="SELECT id FROM task WHERE id = :node AND project_id = :project"),
    "defect": _BELOW.format(root="SELECT task_id FROM defect WHERE id = :node AND project_id = :project"),
}

SEEDS: dict[str, str] = {
    "lot": "SELECT id FROM lot WHERE id = :node AND project_id = :project",
    "step": "SELECT id FROM step WHERE id = :node AND project_id = :project",
    "task": "SELECT id FROM tree",
    "test": "SELECT lot_id AS id FROM test_result WHERE id = :node AND project_id = :project",
    "certificate": "SELECT lot_id AS id FROM certificate_lot WHERE certificate_id = :node AND project_id = :project",
    "defect": "SELECT id FROM tree UNION "
    "SELECT lot_id FROM defect_lot WHERE project_id = :project AND defect_id = :node",
    "delivery": "SELECT id FROM lot WHERE project_id = :project AND delivery_note = :note AND parent_id IS NULL",
    "equipment": "SELECT step_id AS id FROM step_equipment WHERE project_id = :project AND equipment_id = :node UNION "
    "SELECT lot_id FROM station_event WHERE project_id = :project AND equipment_id = :node",
    "crew": "SELECT id FROM step WHERE project_id = :project AND crew_id = :node UNION "
    "SELECT id FROM lot WHERE project_id = :project AND crew_id = :node UNION "
    "SELECT lot_id FROM station_event WHERE project_id = :project AND crew_id = :node",
    # Parts of a delivery name its supplier too, and are reached from it.
    "supplier": "SELECT id FROM lot WHERE project_id = :project AND supplier_id = :node AND parent_id IS NULL",
    "period": "SELECT id FROM lot WHERE project_id = :project AND received_at >= :since AND received_at < :until "
    "AND parent_id IS NULL UNION SELECT id FROM step WHERE project_id = :project "
    "AND received_at >= :since AND received_at < :until",
}


def is_there(kind: StartKind) -> str:
    """SQL that gives a row when the thing is of this project."""
    if kind == "period":
        return "SELECT id FROM project WHERE id = :project"
    if kind == "delivery":
        return f"{SEEDS['delivery']} LIMIT 1"
    return f"SELECT id FROM {TABLES[kind]} WHERE id = :node AND project_id = :project"
