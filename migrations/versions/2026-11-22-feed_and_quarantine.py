"""What the feed forgot, its snapshots, and the answers to what was refused."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d0adebfeace7"
down_revision: str | None = "bf4e2a3e73b8"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "feed_horizon",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("looked_up_to", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project_id"),
    )
    op.create_table(
        "feed_snapshot",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "sha256"),
    )
    op.create_table(
        "quarantine_answer",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("claimed_id", sa.Uuid(), nullable=True),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.Column("new_act_id", sa.Uuid(), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item_id"),
    )
    with op.batch_alter_table("quarantine_answer") as batch_op:
        batch_op.create_index("ix_quarantine_answer_project", ["project_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("quarantine_answer") as batch_op:
        batch_op.drop_index("ix_quarantine_answer_project")

    op.drop_table("quarantine_answer")
    op.drop_table("feed_snapshot")
    op.drop_table("feed_horizon")
