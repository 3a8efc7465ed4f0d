"""All tables of the first version."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "bf4e2a3e73b8"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(60), nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("prev", sa.String(64), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("pae_sha256", sa.String(64), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("problem", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("flags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("project_id", "number"),
    )
    op.create_index("ix_act_device_seq", "act", ["device_id", "seq"], unique=False)
    op.create_index("ix_act_object", "act", ["object_id"], unique=False)
    op.create_index("ix_act_project_verdict", "act", ["project_id", "verdict"], unique=False)
    op.create_table(
        "act_file",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("object_kind", sa.String(20), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("mime", sa.String(100), nullable=False),
        sa.Column("role", sa.String(80), nullable=False),
        sa.Column("capture", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "act_id", "position"),
    )
    op.create_index("ix_act_file_object", "act_file", ["project_id", "object_id"], unique=False)
    op.create_index("ix_act_file_sha256", "act_file", ["project_id", "sha256"], unique=False)
    op.create_table(
        "act_wait",
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("act_id", "key"),
    )
    op.create_index("ix_act_wait_key", "act_wait", ["project_id", "key"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.String(120), nullable=False),
        sa.Column("issuer", sa.String(120), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("standard", sa.String(120), nullable=True),
        sa.Column("heats", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_certificate_project_id"), "certificate", ["project_id"], unique=False)
    op.create_table(
        "certificate_lot",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("certificate_id", "lot_id"),
    )
    op.create_index(op.f("ix_certificate_lot_lot_id"), "certificate_lot", ["lot_id"], unique=False)
    op.create_table(
        "change",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "number", "kind", "object_id"),
    )
    op.create_index("ix_change_object", "change", ["project_id", "kind", "object_id", "number"], unique=False)
    op.create_table(
        "code",
        sa.Column("code", sa.String(26), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_code_project_id"), "code", ["project_id"], unique=False)
    op.create_table(
        "code_counter",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("prefix", sa.String(8), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "prefix"),
    )
    op.create_table(
        "crew",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("trade", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_crew_project_id"), "crew", ["project_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("flow_key", sa.String(60), nullable=False),
        sa.Column("flow_version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(60), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.String(40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("decision IN ('approve', 'reject', 'ask')", name="ck_decision_decision"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_decision_subject", "decision", ["project_id", "subject_kind", "subject_id"], unique=False)
    op.create_table(
        "defect",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("at_wall", sa.String(40), nullable=False),
        sa.Column("at_offset_min", sa.Integer(), nullable=False),
        sa.Column("at_skew_ms", sa.Integer(), nullable=True),
        sa.Column("lat", sa.String(24), nullable=True),
        sa.Column("lon", sa.String(24), nullable=True),
        sa.Column("accuracy_m", sa.String(24), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("severity IN ('minor', 'major', 'critical')", name="ck_defect_severity"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("project_id", "code"),
    )
    op.create_index("ix_defect_task", "defect", ["project_id", "task_id"], unique=False)
    op.create_table(
        "defect_lot",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("defect_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "defect_id", "lot_id"),
    )
    op.create_index("ix_defect_lot_lot", "defect_lot", ["project_id", "lot_id"], unique=False)
    op.create_table(
        "definition",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(content_sha256) = 64", name="definition_content_sha256_whole"),
        sa.CheckConstraint("version >= 1", name="definition_version_positive"),
        sa.PrimaryKeyConstraint("project_id", "kind", "key", "version"),
    )
    op.create_table(
        "derivative",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_px", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("width_px", sa.Integer(), nullable=True),
        sa.Column("height_px", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(60), nullable=True),
        sa.PrimaryKeyConstraint("project_id", "sha256", "size_px"),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_key"),
    )
    op.create_table(
        "equipment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=True),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("serial_no", sa.String(120), nullable=True),
        sa.Column("calibrated_on", sa.Date(), nullable=True),
        sa.Column("calibration_due_on", sa.Date(), nullable=True),
        sa.Column("qr", sa.String(26), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("project_id", "code"),
    )
    op.create_table(
        "failed_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_failed_try_about_at", "failed_try", ["about", "at"], unique=False)
    op.create_table(
        "file",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=True),
        sa.Column("mime", sa.String(100), nullable=True),
        sa.Column("is_decodable", sa.Boolean(), nullable=True),
        sa.Column("width_px", sa.Integer(), nullable=True),
        sa.Column("height_px", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(60), nullable=True),
        sa.Column("verified_act_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("status IN ('expected', 'verified')", name="ck_file_status"),
        sa.PrimaryKeyConstraint("project_id", "sha256"),
    )
    op.create_table(
        "invite",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sa.String(64), nullable=False),
        sa.Column("display_name", sa.String(80), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("crew_id", sa.Uuid(), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_by", sa.Uuid(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_sha256"),
    )
    op.create_index(op.f("ix_invite_project_id"), "invite", ["project_id"], unique=False)
    op.create_table(
        "kept_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claimed_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("pae_sha256", sa.String(64), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("problem", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pae_sha256", "device_id"),
    )
    op.create_index(op.f("ix_kept_act_project_id"), "kept_act", ["project_id"], unique=False)
    op.create_table(
        "lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("qr", sa.String(26), nullable=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("material", sa.String(60), nullable=False),
        sa.Column("grade", sa.String(60), nullable=True),
        sa.Column("size", sa.String(60), nullable=True),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("status_reason", sa.String(2000), nullable=True),
        sa.Column("status_act_id", sa.Uuid(), nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("produced", sa.BigInteger(), nullable=False),
        sa.Column("counted_in", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("split_out", sa.BigInteger(), nullable=False),
        sa.Column("transferred_out", sa.BigInteger(), nullable=False),
        sa.Column("sampled", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("scrapped", sa.BigInteger(), nullable=False),
        sa.Column("counted_out", sa.BigInteger(), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("crew_id", sa.Uuid(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("manufacturer", sa.String(120), nullable=True),
        sa.Column("heat_no", sa.String(120), nullable=True),
        sa.Column("batch_no", sa.String(120), nullable=True),
        sa.Column("delivery_note", sa.String(120), nullable=True),
        sa.Column("vehicle", sa.String(80), nullable=True),
        sa.Column("produced_on", sa.Date(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.Column("flags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "received + produced + counted_in = used + split_out + transferred_out + sampled + returned + scrapped + counted_out + on_hand",
            name="ck_lot_balance",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_lot_project_code", "lot", ["project_id", "code"], unique=True)
    op.create_index("ix_lot_project_heat", "lot", ["project_id", "heat_no"], unique=False)
    op.create_index(op.f("ix_lot_root_id"), "lot", ["root_id"], unique=False)
    op.create_table(
        "lot_movement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("column", sa.String(16), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_movement_lot", "lot_movement", ["project_id", "lot_id"], unique=False)
    op.create_index("ix_movement_step", "lot_movement", ["step_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("crew_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "person_id"),
    )
    op.create_index("ix_membership_person", "membership", ["person_id"], unique=False)
    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_organization_project_id"), "organization", ["project_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("display_name", sa.String(80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_server_admin", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "photo_claim",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("claims", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("notes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "sha256"),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("lat", sa.String(16), nullable=True),
        sa.Column("lon", sa.String(16), nullable=True),
        sa.Column("qr", sa.String(26), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_place_project_id"), "place", ["project_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=True),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("site", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("feed_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("definition_key", sa.String(120), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("definition_sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("crew_id", sa.Uuid(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("environment", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("judgements", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("missing", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("flags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lat", sa.String(24), nullable=True),
        sa.Column("lon", sa.String(24), nullable=True),
        sa.Column("accuracy_m", sa.String(24), nullable=True),
        sa.Column("fix_age_ms", sa.Integer(), nullable=True),
        sa.Column("at_wall", sa.String(40), nullable=False),
        sa.Column("at_offset_min", sa.Integer(), nullable=False),
        sa.Column("at_skew_ms", sa.Integer(), nullable=True),
        sa.Column("distance_m", sa.Integer(), nullable=True),
        sa.Column("is_inside_site", sa.Boolean(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('awaiting_files', 'submitted', 'approved', 'rejected', 'more_asked', 'superseded')",
            name="ck_step_status",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_step_act", "step", ["project_id", "act_id"], unique=False)
    op.create_index("ix_step_status", "step", ["project_id", "status"], unique=False)
    op.create_index("ix_step_task", "step", ["project_id", "task_id"], unique=False)
    op.create_table(
        "step_equipment",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("equipment_id", sa.Uuid(), nullable=False),
        sa.Column("is_calibration_expired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "step_id", "equipment_id"),
    )
    op.create_index("ix_step_equipment_equipment", "step_equipment", ["project_id", "equipment_id"], unique=False)
    op.create_table(
        "step_lot",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(12), nullable=False),
        sa.CheckConstraint("quantity > 0", name="ck_step_lot_quantity"),
        sa.PrimaryKeyConstraint("project_id", "step_id", "lot_id"),
    )
    op.create_index("ix_step_lot_lot", "step_lot", ["project_id", "lot_id"], unique=False)
    op.create_table(
        "step_person",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "step_id", "person_id"),
    )
    op.create_index("ix_step_person_person", "step_person", ["project_id", "person_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=True),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("plan", sa.String(60), nullable=True),
        sa.Column("lat", sa.String(16), nullable=True),
        sa.Column("lon", sa.String(16), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("qr", sa.String(26), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("project_id", "code", name="uq_task_project_code"),
    )
    op.create_index("ix_task_parent", "task", ["project_id", "parent_id"], unique=False)
    op.create_table(
        "test_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("result", sa.String(10), nullable=False),
        sa.Column("report_no", sa.String(120), nullable=True),
        sa.Column("laboratory_id", sa.Uuid(), nullable=True),
        sa.Column("sampled_on", sa.Date(), nullable=True),
        sa.Column("tested_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("values", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_test_result_lot_id"), "test_result", ["lot_id"], unique=False)
    op.create_table(
        "trace_edge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Uuid(), nullable=False),
        sa.Column("target", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("source_quantity", sa.BigInteger(), nullable=True),
        sa.Column("source_unit", sa.String(16), nullable=True),
        sa.Column("target_quantity", sa.BigInteger(), nullable=True),
        sa.Column("target_unit", sa.String(16), nullable=True),
        sa.Column("certainty", sa.String(10), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("void_act_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_edge_act", "trace_edge", ["act_id"], unique=False)
    op.create_index("ix_edge_backward", "trace_edge", ["project_id", "target", "kind", "source"], unique=False)
    op.create_index("ix_edge_forward", "trace_edge", ["project_id", "source", "kind", "target"], unique=False)
    op.create_table(
        "trace_node",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_trace_node_project_id"), "trace_node", ["project_id"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("mime", sa.String(100), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("checking_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_bytes", sa.Integer(), nullable=True),
        sa.Column("received_sha256", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_upload_sha256", "upload", ["project_id", "sha256"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("key_sha256", sa.String(64), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_sha256"),
    )
    op.create_index(op.f("ix_api_key_project_id"), "api_key", ["project_id"], unique=False)
    op.create_table(
        "credential",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(120), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "device_person",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("device_id", "person_id"),
    )
    op.create_table(
        "refresh_token",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("token_sha256"),
    )
    op.create_index(op.f("ix_refresh_token_family_id"), "refresh_token", ["family_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_refresh_token_family_id"), table_name="refresh_token")
    op.drop_table("refresh_token")
    op.drop_table("device_person")
    op.drop_table("credential")
    op.drop_index(op.f("ix_api_key_project_id"), table_name="api_key")
    op.drop_table("api_key")
    op.drop_index("ix_upload_sha256", table_name="upload")
    op.drop_table("upload")
    op.drop_index(op.f("ix_trace_node_project_id"), table_name="trace_node")
    op.drop_table("trace_node")
    op.drop_index("ix_edge_forward", table_name="trace_edge")
    op.drop_index("ix_edge_backward", table_name="trace_edge")
    op.drop_index("ix_edge_act", table_name="trace_edge")
    op.drop_table("trace_edge")
    op.drop_index(op.f("ix_test_result_lot_id"), table_name="test_result")
    op.drop_table("test_result")
    op.drop_index("ix_task_parent", table_name="task")
    op.drop_table("task")
    op.drop_index("ix_step_person_person", table_name="step_person")
    op.drop_table("step_person")
    op.drop_index("ix_step_lot_lot", table_name="step_lot")
    op.drop_table("step_lot")
    op.drop_index("ix_step_equipment_equipment", table_name="step_equipment")
    op.drop_table("step_equipment")
    op.drop_index("ix_step_task", table_name="step")
    op.drop_index("ix_step_status", table_name="step")
    op.drop_index("ix_step_act", table_name="step")
    op.drop_table("step")
    op.drop_table("project")
    op.drop_index(op.f("ix_place_project_id"), table_name="place")
    op.drop_table("place")
    op.drop_table("photo_claim")
    op.drop_table("person")
    op.drop_index(op.f("ix_organization_project_id"), table_name="organization")
    op.drop_table("organization")
    op.drop_index("ix_membership_person", table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_movement_step", table_name="lot_movement")
    op.drop_index("ix_movement_lot", table_name="lot_movement")
    op.drop_table("lot_movement")
    op.drop_index(op.f("ix_lot_root_id"), table_name="lot")
    op.drop_index("ix_lot_project_heat", table_name="lot")
    op.drop_index("ix_lot_project_code", table_name="lot")
    op.drop_table("lot")
    op.drop_index(op.f("ix_kept_act_project_id"), table_name="kept_act")
    op.drop_table("kept_act")
    op.drop_index(op.f("ix_invite_project_id"), table_name="invite")
    op.drop_table("invite")
    op.drop_table("file")
    op.drop_index("ix_failed_try_about_at", table_name="failed_try")
    op.drop_table("failed_try")
    op.drop_table("equipment")
    op.drop_table("device")
    op.drop_table("derivative")
    op.drop_table("definition")
    op.drop_index("ix_defect_lot_lot", table_name="defect_lot")
    op.drop_table("defect_lot")
    op.drop_index("ix_defect_task", table_name="defect")
    op.drop_table("defect")
    op.drop_index("ix_decision_subject", table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_crew_project_id"), table_name="crew")
    op.drop_table("crew")
    op.drop_table("code_counter")
    op.drop_index(op.f("ix_code_project_id"), table_name="code")
    op.drop_table("code")
    op.drop_index("ix_change_object", table_name="change")
    op.drop_table("change")
    op.drop_index(op.f("ix_certificate_lot_lot_id"), table_name="certificate_lot")
    op.drop_table("certificate_lot")
    op.drop_index(op.f("ix_certificate_project_id"), table_name="certificate")
    op.drop_table("certificate")
    op.drop_index("ix_act_wait_key", table_name="act_wait")
    op.drop_table("act_wait")
    op.drop_index("ix_act_file_sha256", table_name="act_file")
    op.drop_index("ix_act_file_object", table_name="act_file")
    op.drop_table("act_file")
    op.drop_index("ix_act_project_verdict", table_name="act")
    op.drop_index("ix_act_object", table_name="act")
    op.drop_index("ix_act_device_seq", table_name="act")
    op.drop_table("act")
