"""Every table is listed as projected or kept; a new one fails here until somebody has thought about it."""

from sqlmodel import SQLModel

from plumbline.acts.registry import ACTS
from plumbline.app import import_packages
from plumbline.rebuild.tables import EVERY_ACT, KEPT, KEPT_COLUMNS, PROJECTED

import_packages()
TABLES = SQLModel.metadata.tables


def test_every_table_is_listed_once_as_projected_or_kept() -> None:
    assert set(PROJECTED) & set(KEPT) == set()
    assert set(PROJECTED) | set(KEPT) == set(TABLES), "list the table in plumbline/rebuild/tables.py"


def test_every_kept_table_and_column_says_why() -> None:
    assert all(len(kept.reason) > 10 for kept in KEPT.values())
    for (table, column), reason in KEPT_COLUMNS.items():
        assert table in PROJECTED
        assert column in TABLES[table].columns
        assert len(reason) > 10


def test_the_acts_said_to_draw_a_table_exist() -> None:
    named = {act for acts in PROJECTED.values() for act in acts} - set(EVERY_ACT)

    assert named - set(ACTS) == set()


def test_every_act_type_is_said_to_draw_something() -> None:
    named = {act for acts in PROJECTED.values() for act in acts}

    assert set(ACTS) - named == set(), "name the act beside the tables that it draws in plumbline/rebuild/tables.py"


def test_no_projected_table_has_a_database_default_that_no_act_knows() -> None:
    """A value that the database makes up (a clock, a sequence) would differ each time rows are drawn."""
    for name in PROJECTED:
        for column in TABLES[name].columns:
            assert column.server_default is None, f"{name}.{column.name}"
            assert column.autoincrement is not True, f"{name}.{column.name}"
