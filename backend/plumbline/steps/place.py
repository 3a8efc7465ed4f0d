"""Where the fix of a step lies against the task and the site."""

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from plumbline.acts.transaction import Act
from plumbline.projects import service as projects
from plumbline.projects.models import TaskNode
from plumbline.steps import geo


@dataclass(frozen=True)
class Fix:
    """Metres from the fix to the task's place (else the middle of the site), and whether it is on the site."""

    distance_m: int | None = None
    is_inside_site: bool | None = None


def found(session: Session, act: Act, task: TaskNode) -> Fix:
    """The fix of an act against a task; nothing is known without a fix."""
    if act.where is None:
        return Fix()
    here = (act.where.lat, act.where.lon)
    corners = geo.polygon(projects.get_project(session, act.project_id).site)
    target = of_task(session, task) or geo.centre(corners)
    return Fix(geo.distance_m(here, target) if target else None, geo.is_inside(here, corners))


def of_task(session: Session, task: TaskNode) -> geo.Point | None:
    """The place of the task, or of the nearest node above that has one."""
    placed = (node for node in reversed(projects.path_of(session, task)) if node.lat is not None)
    node = next(placed, None)
    return (Decimal(node.lat), Decimal(node.lon)) if node and node.lat and node.lon else None
