"""The route of orphans, for those who look after a project."""

from datetime import timedelta
from uuid import UUID

from litestar import get
from litestar.datastructures import State
from litestar.params import FromPath

from plumbline import db
from plumbline.evidence import orphans, sweeping  # noqa: F401 - registers the daily sweep.
from plumbline.evidence.schemas import OrphanOut, OrphansOut
from plumbline.identity.access import Reader, member_who_sees


@get("/api/projects/{project_id:uuid}/orphans", sync_to_thread=True)
def list_orphans(project_id: FromPath[UUID], state: State, reader: Reader) -> OrphansOut:
    """Files that no act names and uploads never completed, oldest first, and when each will be swept.

    Problems: not-found (also for strangers), not-allowed.
    """
    kept = timedelta(days=state.settings.orphan_days)
    with db.reading(state.engine) as session:
        member_who_sees(session, reader, project_id, "orphans")
        found = orphans.of_project(session, project_id)
    return OrphansOut(
        orphans=[
            OrphanOut(kind=kind, name=one.name, bytes=one.bytes, since=one.since, swept_after=one.since + kept)
            for one in found
            if (kind := one.kind) in ("file", "upload")
        ]
    )


handlers = [list_orphans]
