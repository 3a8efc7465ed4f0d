"""Recalls with items and decisions; nonconformances with what is said and done about them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "45d6be272d73"
down_revision: str | None = "b3d9a6c41e27"
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "ncr_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("defect_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("what", sa.String(2000), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_note", sa.String(2000), nullable=True),
        sa.Column("done_act_id", sa.Uuid(), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_note", sa.String(2000), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('containment', 'correction', 'corrective', 'preventive')", name="ck_ncr_action_kind"
        ),
        sa.CheckConstraint("status IN ('open', 'done', 'effective')", name="ck_ncr_action_status"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("ncr_action", schema=None) as batch_op:
        batch_op.create_index("ix_ncr_action_defect", ["project_id", "defect_id"], unique=False)

    op.create_table(
        "ncr_cost",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("defect_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(2000), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("ncr_cost", schema=None) as batch_op:
        batch_op.create_index("ix_ncr_cost_defect", ["project_id", "defect_id"], unique=False)

    op.create_table(
        "ncr_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("defect_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("said", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("ncr_entry", schema=None) as batch_op:
        batch_op.create_index("ix_ncr_entry_defect", ["project_id", "defect_id"], unique=False)

    op.create_table(
        "recall",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(12), nullable=False),
        sa.Column("about", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("test_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("nodes", sa.Integer(), nullable=False),
        sa.Column("lots_stopped", sa.Integer(), nullable=False),
        sa.Column("lots_without", sa.Integer(), nullable=False),
        sa.Column("elements", sa.Integer(), nullable=False),
        sa.Column("elements_without", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_act_id", sa.Uuid(), nullable=True),
        sa.Column("close_note", sa.String(2000), nullable=True),
        sa.Column("difference", sa.String(2000), nullable=True),
        sa.CheckConstraint(
            "basis IN ('lot', 'supplier', 'heat', 'certificate', 'period', 'equipment', 'crew')", name="ck_recall_basis"
        ),
        sa.CheckConstraint("status IN ('open', 'closed')", name="ck_recall_status"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("project_id", "code"),
    )
    op.create_table(
        "recall_ack",
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("recall_id", "person_id", "device_id"),
    )
    op.create_table(
        "recall_disposition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("disposition", sa.String(12), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("void_act_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "disposition IN ('in_stock', 'quarantined', 'returned', 'removed', 'accepted', 'not_found')",
            name="ck_recall_disposition",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("recall_disposition", schema=None) as batch_op:
        batch_op.create_index("ix_recall_disposition_item", ["project_id", "item_id"], unique=False)

    op.create_table(
        "recall_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("material", sa.String(60), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("disposed", sa.BigInteger(), nullable=False),
        sa.Column("column", sa.String(16), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("crew_id", sa.Uuid(), nullable=True),
        sa.Column("via_id", sa.Uuid(), nullable=True),
        sa.Column("via_kind", sa.String(12), nullable=False),
        sa.Column("is_certain", sa.Boolean(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('stock', 'used', 'made', 'gone', 'work')", name="ck_recall_item_kind"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("recall_item", schema=None) as batch_op:
        batch_op.create_index("ix_recall_item_lot", ["project_id", "lot_id"], unique=False)
        batch_op.create_index("ix_recall_item_recall", ["project_id", "recall_id", "kind"], unique=False)

    op.create_table(
        "recall_start",
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("recall_id", "node_id"),
    )
    op.create_table(
        "recall_total",
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("material", sa.String(60), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("recall_id", "material", "unit"),
    )
    with op.batch_alter_table("defect", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(60), nullable=True))
        batch_op.add_column(sa.Column("pin", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True))
        batch_op.add_column(
            sa.Column("repeats", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True)
        )
        batch_op.add_column(sa.Column("ncr_code", sa.String(20), nullable=True))
        batch_op.add_column(sa.Column("requirement", sa.String(2000), nullable=True))
        batch_op.add_column(sa.Column("party_kind", sa.String(12), nullable=True))
        batch_op.add_column(sa.Column("party_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("party_act_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("reinspection", sa.String(4), nullable=True))
        batch_op.add_column(sa.Column("decided_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("closed_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    # What was there before had no kind, so nothing is known to have come again.
    op.execute("UPDATE defect SET repeats = '[]'")
    with op.batch_alter_table("defect", schema=None) as batch_op:
        batch_op.alter_column("repeats", existing_type=JSON, nullable=False)

    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recall_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("recall_before", sa.String(12), nullable=True))
        batch_op.add_column(sa.Column("recall_before_act_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("recall_before_reason", sa.String(2000), nullable=True))
        batch_op.create_index("ix_lot_project_parent", ["project_id", "parent_id"], unique=False)
        batch_op.create_index("ix_lot_project_recall", ["project_id", "recall_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_index("ix_lot_project_recall")
        batch_op.drop_index("ix_lot_project_parent")
        batch_op.drop_column("recall_before_reason")
        batch_op.drop_column("recall_before_act_id")
        batch_op.drop_column("recall_before")
        batch_op.drop_column("recall_id")

    with op.batch_alter_table("defect", schema=None) as batch_op:
        batch_op.drop_column("closed_at")
        batch_op.drop_column("closed_by")
        batch_op.drop_column("decided_by")
        batch_op.drop_column("reinspection")
        batch_op.drop_column("party_act_id")
        batch_op.drop_column("party_id")
        batch_op.drop_column("party_kind")
        batch_op.drop_column("requirement")
        batch_op.drop_column("ncr_code")
        batch_op.drop_column("repeats")
        batch_op.drop_column("pin")
        batch_op.drop_column("kind")

    op.drop_table("recall_total")
    op.drop_table("recall_start")
    with op.batch_alter_table("recall_item", schema=None) as batch_op:
        batch_op.drop_index("ix_recall_item_recall")
        batch_op.drop_index("ix_recall_item_lot")

    op.drop_table("recall_item")
    with op.batch_alter_table("recall_disposition", schema=None) as batch_op:
        batch_op.drop_index("ix_recall_disposition_item")

    op.drop_table("recall_disposition")
    op.drop_table("recall_ack")
    op.drop_table("recall")
    with op.batch_alter_table("ncr_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_ncr_entry_defect")

    op.drop_table("ncr_entry")
    with op.batch_alter_table("ncr_cost", schema=None) as batch_op:
        batch_op.drop_index("ix_ncr_cost_defect")

    op.drop_table("ncr_cost")
    with op.batch_alter_table("ncr_action", schema=None) as batch_op:
        batch_op.drop_index("ix_ncr_action_defect")

    op.drop_table("ncr_action")
