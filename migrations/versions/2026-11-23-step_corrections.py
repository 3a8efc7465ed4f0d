"""Find the record that takes the place of another without reading every step of the project."""

from collections.abc import Sequence

from alembic import op

revision: str = "b3d9a6c41e27"
down_revision: str | None = "4805e7235132"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_index("ix_step_supersedes", "step", ["project_id", "supersedes_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_step_supersedes", "step")
