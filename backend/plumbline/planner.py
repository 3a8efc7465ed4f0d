"""What SQLite's planner is told of our tables: how they look on a large site.

Without statistics it takes `project_id = ?` for rarer than twenty ids of an IN (…), and reads a whole project for
one page. Statistics of a young site would be as wrong a year later. So it is told fixed ones, at each migration:
four million rows, of which a hundred thousand are one project's. Four, because it takes a list of ids for a million,
and would read all of a table that it believes no larger, to look up twenty. PostgreSQL keeps statistics by itself.
"""

from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

ROWS, OF_ONE_PROJECT, OF_ONE_VALUE = 4_000_000, 100_000, 10
# With statistics the walk would first read every edge into a filter; without any it takes the right index.
LEFT_OUT = ("trace_edge", "trace_node")


def tell(engine: Engine) -> None:
    """Write the statistics; nothing on PostgreSQL. Connections that are open already read them when opened again."""
    if engine.dialect.name != "sqlite":
        return
    with engine.begin() as conn:
        conn.exec_driver_sql("ANALYZE alembic_version")  # Makes the table that statistics live in.
        conn.exec_driver_sql("DELETE FROM sqlite_stat1")
        rows = [row for name in SQLModel.metadata.tables if name not in LEFT_OUT for row in _indexes(conn, name)]
        conn.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", rows)
    engine.dispose()


def _indexes(conn: Connection, table: str) -> list[tuple[str, str, str]]:
    """Each index of a table with its statistic: rows, then rows alike in the first column, in the first two, …"""
    found = []
    for _, index, is_unique, *_ in conn.exec_driver_sql(f'PRAGMA index_list("{table}")').all():
        columns = [row[2] for row in conn.exec_driver_sql(f'PRAGMA index_info("{index}")').all()]
        alike = [OF_ONE_PROJECT if columns[:n] == ["project_id"] else OF_ONE_VALUE for n in range(1, len(columns) + 1)]
        if is_unique:
            alike[-1] = 1
        found.append((table, index, " ".join(str(n) for n in (ROWS, *alike))))
    return found
