"""Files above 2 GB, and files that come in pieces."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "92e84033811b"
down_revision: str | None = "6d1c0f2ab7e4"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# (table, column, may be empty). SQLite copies the table, and does not read its CHECK constraints back.
LENGTHS = (("act_file", "bytes", False), ("file", "bytes", True), ("upload", "bytes", False))
CHECKS = {"file": [sa.CheckConstraint("status IN ('expected', 'verified')", name="ck_file_status")]}


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "upload_part",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "upload_id", "start"),
    )
    with op.batch_alter_table("upload") as upload:
        upload.add_column(sa.Column("multipart_id", sa.String(1024), nullable=True))
    _change(sa.Integer(), sa.BigInteger())


def downgrade() -> None:
    """Take it back."""
    _change(sa.BigInteger(), sa.Integer())
    with op.batch_alter_table("upload") as upload:
        upload.drop_column("multipart_id")
    op.drop_table("upload_part")


def _change(old: sa.types.TypeEngine[int], new: sa.types.TypeEngine[int]) -> None:
    for table, column, may_be_empty in (*LENGTHS, ("upload", "received_bytes", True)):
        with op.batch_alter_table(table, table_args=CHECKS.get(table, ())) as changed:
            changed.alter_column(column, existing_type=old, type_=new, existing_nullable=may_be_empty)
