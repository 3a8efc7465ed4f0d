"""The cast, made once for each database and then put back: making it anew cost more than most tests."""

from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlmodel import SQLModel

from tests.support.cast import Actor, Cast, Client, make_cast

Rows = dict[str, list[dict[str, Any]]]


@dataclass
class KeptCast:
    """A cast as it was right after it was made, and every row of it."""

    cast: Cast
    rows: Rows

    def again(self, client: Client, engine: Engine) -> Cast:
        """The same people at the same phones on a database that is empty now."""
        with engine.begin() as conn:
            for table in SQLModel.metadata.sorted_tables:
                if self.rows.get(table.name):
                    conn.execute(insert(table), self.rows[table.name])
        # Pytest makes the engine anew whenever it comes back to a shape.
        return replace(copy_of(self.cast, client), engine=engine)


def copy_of(cast: Cast, client: Client) -> Cast:
    """A cast whose phones go on by themselves."""
    actors = {f.name: getattr(cast, f.name) for f in fields(cast) if isinstance(getattr(cast, f.name), Actor)}
    return replace(
        cast, client=client, **{n: replace(a, client=client, device=replace(a.device)) for n, a in actors.items()}
    )


def _rows(engine: Engine) -> Rows:
    with engine.connect() as conn:
        found = {t.name: [dict(r._mapping) for r in conn.execute(select(t))] for t in SQLModel.metadata.sorted_tables}
    # The app enrols its own device at each start.
    found["device"] = [row for row in found["device"] if row["kind"] != "server"]
    return found


def kept(client: Client, engine: Engine) -> KeptCast:
    """Make the cast and keep it."""
    cast = make_cast(client, engine)
    return KeptCast(copy_of(cast, client), _rows(engine))
