"""Grants: access by link, with its secret and its log."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "6d1c0f2ab7e4"
down_revision: str | None = "d0adebfeace7"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "access_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("scope_kind", sa.String(10), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("rights", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("scope_kind IN ('project', 'task', 'lot')", name="ck_access_grant_scope"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_access_grant_scope", "access_grant", ["project_id", "scope_id"], unique=False)
    op.create_table(
        "grant_link",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sa.String(64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("organization", sa.String(200), nullable=True),
        sa.Column("contact", sa.String(120), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("grant_id"),
        sa.UniqueConstraint("code_sha256"),
    )
    op.create_index("ix_grant_link_project", "grant_link", ["project_id", "grant_id"], unique=False)
    op.create_table(
        "grant_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(12), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("address", sa.String(50), nullable=False),
        sa.Column("agent", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_grant_view_grant", "grant_view", ["project_id", "grant_id", "id"], unique=False)
    op.create_index("ix_failed_try_at", "failed_try", ["at"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_failed_try_at", table_name="failed_try")
    op.drop_table("grant_view")
    op.drop_table("grant_link")
    op.drop_table("access_grant")
