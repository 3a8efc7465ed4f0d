"""lot-indexes: indexes of lots hold only those that have something in the column; that of suppliers tells the material."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b7d2c41f9e08"
down_revision: str | None = "a94c0d27f81e"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COLUMNS = {
    "heat": ["heat_no"],
    "recall": ["recall_id"],
    "parent": ["parent_id"],
    "supplier": ["supplier_id", "material"],
    "crew": ["crew_id"],
    "note": ["delivery_note"],
    "serial": ["serial_no"],
}


def upgrade() -> None:
    """Bring the schema forward."""
    for name, columns in COLUMNS.items():
        there = sa.text(f"{columns[0]} IS NOT NULL")
        op.drop_index(f"ix_lot_project_{name}", table_name="lot")
        op.create_index(
            f"ix_lot_project_{name}", "lot", ["project_id", *columns], postgresql_where=there, sqlite_where=there
        )


def downgrade() -> None:
    """Take it back."""
    for name, columns in COLUMNS.items():
        op.drop_index(f"ix_lot_project_{name}", table_name="lot")
        op.create_index(f"ix_lot_project_{name}", "lot", ["project_id", columns[0]])
