"""Views of public pages: lines in the log of grants that have no grant."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c5a8e2107d4f"
down_revision: str | None = "b7d2c41f9e08"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    with op.batch_alter_table("grant_view") as view:
        view.alter_column("grant_id", existing_type=sa.Uuid(), nullable=True)
    columns = ["project_id", "grant_id", "object_id", "id"]
    op.create_index("ix_grant_view_object", "grant_view", columns)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_grant_view_object", table_name="grant_view")
    op.execute("DELETE FROM grant_view WHERE grant_id IS NULL")
    with op.batch_alter_table("grant_view") as view:
        view.alter_column("grant_id", existing_type=sa.Uuid(), nullable=False)
