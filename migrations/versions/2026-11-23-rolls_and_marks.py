"""Rolls of blank labels, and marks that things carry already."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "4805e7235132"
down_revision: str | None = "92e84033811b"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "roll",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("printed_to", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_roll_project", "roll", ["project_id", "code"], unique=True)
    op.create_table(
        "mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("text", sa.String(400), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("thing_kind", sa.String(12), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("released_act_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mark_value", "mark", ["project_id", "value"])
    op.create_index("ix_mark_thing", "mark", ["project_id", "thing_id"])
    op.add_column("code", sa.Column("roll_id", sa.Uuid(), nullable=True))
    op.add_column("code", sa.Column("roll_no", sa.Integer(), nullable=True))
    op.create_index("ix_code_roll", "code", ["project_id", "roll_id", "roll_no"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_code_roll", "code")
    with op.batch_alter_table("code") as code:
        code.drop_column("roll_no")
        code.drop_column("roll_id")
    op.drop_table("mark")
    op.drop_table("roll")
