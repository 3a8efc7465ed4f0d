"""Table of public pages. Projected from project:publish."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from plumbline.db import Instant


class PublicPage(SQLModel, table=True):
    """Whether the labels of a project open a page for everybody, and whether faults may be reported through it."""

    __tablename__ = "public_page"
    project_id: UUID = Field(primary_key=True)
    is_open: bool
    takes_faults: bool
    by: UUID
    at: datetime = Field(sa_type=Instant)
    act_id: UUID
