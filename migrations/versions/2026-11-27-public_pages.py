"""Public pages of labels, and defects that were reported through them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d15b8c3e7a60"
down_revision: str | None = "c7e41f0a95d2"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "public_page",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("takes_faults", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("project_id"),
    )
    op.add_column("defect", sa.Column("is_public", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("defect", "is_public")
    op.drop_table("public_page")
