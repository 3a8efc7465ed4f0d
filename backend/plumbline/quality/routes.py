"""Routes of quality. All are for members with a role that SEES them; none is open to links."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter

from plumbline.db import reading
from plumbline.identity.access import Reader, member_who_sees
from plumbline.quality import cause_service, charts, scorecards
from plumbline.quality.causes import Factor
from plumbline.quality.charts import By
from plumbline.quality.facts import Of
from plumbline.quality.schemas import (
    BehindOut,
    CardOut,
    CausesOut,
    Cell,
    ChartsOut,
    ChoiceOut,
    FactorKind,
    FactsOut,
    Metric,
)

Defects = FromQuery[Annotated[list[UUID], Parameter(min_items=1, max_items=200)]]


@get("/api/projects/{project_id:uuid}/causes", sync_to_thread=True)
def read_causes(project_id: FromPath[UUID], state: State, reader: Reader, defects: Defects) -> CausesOut:
    """What several defects have in common: each suspect with its 2×2 table, Fisher's p, and p corrected by Holm.

    Problems: not-found (also for strangers and defects of other projects), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "causes")
        return cause_service.causes(session, project_id, defects)


@get("/api/projects/{project_id:uuid}/causes/elements", sync_to_thread=True)
def read_behind(
    project_id: FromPath[UUID],
    state: State,
    reader: Reader,
    defects: Defects,
    kind: FromQuery[FactorKind],
    key: FromQuery[Annotated[str, Parameter(max_length=300)]],
    cell: FromQuery[Cell],
) -> BehindOut:
    """The elements behind one number of a suspect's table, at most 500 of them.

    Problems: not-found (also for strangers and defects of other projects), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "causes")
        return cause_service.behind(session, project_id, defects, Factor(kind, key), cell)


@get("/api/projects/{project_id:uuid}/scorecards", sync_to_thread=True)
def read_scorecards(project_id: FromPath[UUID], state: State, reader: Reader, of: FromQuery[Of]) -> list[CardOut]:
    """Scorecards of all suppliers or crews: each number with its sample, 95 % interval, months and signals.

    Problems: not-found (also for strangers), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "scorecards")
        return scorecards.cards(session, project_id, of)


@get("/api/projects/{project_id:uuid}/scorecards/records", sync_to_thread=True)
def read_score_records(
    project_id: FromPath[UUID],
    state: State,
    reader: Reader,
    of: FromQuery[Of],
    id: FromQuery[UUID],
    metric: FromQuery[Metric],
    month: FromQuery[Annotated[str | None, Parameter(pattern=r"^\d{4}-\d{2}$")]] = None,
) -> FactsOut:
    """The records behind one number of a scorecard, at most 500 of them; with `month` those of one month.

    Problems: not-found (also for strangers), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "scorecards")
        return scorecards.records(session, project_id, of, id, metric, month)


@get("/api/projects/{project_id:uuid}/charts/choices", sync_to_thread=True)
def read_choices(
    project_id: FromPath[UUID], state: State, reader: Reader, by: FromQuery[By], id: FromQuery[UUID]
) -> list[ChoiceOut]:
    """What can be charted of a crew, machine or supplier. Problems: not-found (also for strangers), not-allowed."""
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "scorecards")
        return charts.choices(session, project_id, by, id)


@get("/api/projects/{project_id:uuid}/charts", sync_to_thread=True)
def read_chart(
    project_id: FromPath[UUID],
    state: State,
    reader: Reader,
    by: FromQuery[By],
    id: FromQuery[UUID],
    metric: FromQuery[Annotated[str, Parameter(max_length=200)]],
) -> ChartsOut:
    """Control charts of a measurement (`plan.step.field`), of `rejections` or of `defects`, with Nelson's tests.

    Problems: not-found (also for strangers), not-allowed.
    """
    with reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "scorecards")
        return charts.chart(session, project_id, by, id, metric)


handlers = [read_causes, read_behind, read_scorecards, read_score_records, read_choices, read_chart]
