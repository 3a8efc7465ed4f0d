"""Lots made of lots, serial numbers, stations, lots under way; find lots and steps by what a trace starts from."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "c71f0e5a9b34"
down_revision: str | None = "45d6be272d73"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEXES = (
    ("ix_lot_project_supplier", "lot", ["project_id", "supplier_id"]),
    ("ix_lot_project_crew", "lot", ["project_id", "crew_id"]),
    ("ix_lot_project_note", "lot", ["project_id", "delivery_note"]),
    ("ix_lot_project_received", "lot", ["project_id", "received_at"]),
    ("ix_lot_project_serial", "lot", ["project_id", "serial_no"]),
    ("ix_step_crew", "step", ["project_id", "crew_id"]),
    ("ix_step_received", "step", ["project_id", "received_at"]),
)


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "lot_input",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("input_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("recovered", sa.BigInteger(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "lot_id", "input_id"),
    )
    op.create_index("ix_lot_input_input", "lot_input", ["project_id", "input_id"])
    op.create_table(
        "station_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("station", sa.String(80), nullable=False),
        sa.Column("equipment_id", sa.Uuid(), nullable=True),
        sa.Column("is_calibration_expired", sa.Boolean(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("crew_id", sa.Uuid(), nullable=True),
        sa.Column("parameters", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("method", sa.String(120), nullable=True),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.Column("at_wall", sa.String(40), nullable=False),
        sa.Column("at_offset_min", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_station_event_lot", "station_event", ["project_id", "lot_id"])
    op.create_index("ix_station_event_equipment", "station_event", ["project_id", "equipment_id"])
    op.add_column("lot", sa.Column("serial_no", sa.String(120), nullable=True))
    op.add_column("lot", sa.Column("to_place_id", sa.Uuid(), nullable=True))
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Take it back."""
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
    with op.batch_alter_table("lot") as lot:
        lot.drop_column("to_place_id")
        lot.drop_column("serial_no")
    op.drop_table("station_event")
    op.drop_table("lot_input")
