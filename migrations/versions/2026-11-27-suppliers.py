"""Suppliers: how an organization stands, and names that other systems call it by."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c7e41f0a95d2"
down_revision: str | None = "c71f0e5a9b34"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "supplier",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=True),
        sa.Column("standing_act_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("merge_act_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("standing IN ('none', 'approved', 'suspended')", name="ck_supplier_standing"),
        sa.PrimaryKeyConstraint("project_id", "organization_id"),
    )
    op.create_index("ix_supplier_merged", "supplier", ["project_id", "merged_into"], unique=False)
    op.create_table(
        "supplier_name",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("folded", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("system", sa.String(80), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "folded"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("supplier_name")
    op.drop_index("ix_supplier_merged", table_name="supplier")
    op.drop_table("supplier")
