"""The durable job that freezes a large scope part by part, by acts of the house."""

from uuid import UUID

from sqlmodel import select

from plumbline import db
from plumbline.acts import house
from plumbline.jobs import Context, job
from plumbline.recalls.models import Recall


@job("recall-scope")
def freeze_all(context: Context, project_id: str, recall_id: str) -> None:
    """Post recall:scope until every lot of the recall has its item; safe to run again."""
    while not _is_whole(context, UUID(recall_id)):
        result = house.post(context.engine, context.settings, UUID(project_id), "recall:scope", UUID(recall_id), {})
        if result.verdict != "applied":
            raise RuntimeError(f"recall {recall_id} could not be frozen: {result.problem}")


def _is_whole(context: Context, recall_id: UUID) -> bool:
    with db.reading(context.engine) as session:
        # A recall that is not there any more (a redrawn database) needs nothing.
        return session.exec(select(Recall.is_whole).where(Recall.id == recall_id)).first() is not False
