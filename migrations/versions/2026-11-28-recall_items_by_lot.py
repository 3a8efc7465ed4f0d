"""recall-items-by-lot: the part of a large scope that is frozen next is found by lot and step, not by reading all."""

from collections.abc import Sequence

from alembic import op

revision: str = "efda5cad5c5f"
down_revision: str | None = "6e1f0c92a7b4"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.drop_index("ix_recall_item_recall", table_name="recall_item")
    columns = ["project_id", "recall_id", "kind", "lot_id", "step_id"]
    op.create_index("ix_recall_item_recall", "recall_item", columns)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_recall_item_recall", table_name="recall_item")
    op.create_index("ix_recall_item_recall", "recall_item", ["project_id", "recall_id", "kind"])
