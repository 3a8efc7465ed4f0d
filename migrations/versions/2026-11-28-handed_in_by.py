"""Acts: who sent one in place of the device that signed it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a94c0d27f81e"
down_revision: str | None = "efda5cad5c5f"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("act", sa.Column("handed_in_by", sa.Uuid(), nullable=True))
    op.add_column("kept_act", sa.Column("handed_in_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("kept_act", "handed_in_by")
    op.drop_column("act", "handed_in_by")
