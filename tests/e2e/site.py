"""The site of the tests: people, a wall to build, and blank labels, all made through the API."""

from dataclasses import dataclass
from uuid import UUID

from uuid_utils.compat import uuid7

from plumbline.codes import make_code
from tests.e2e.server import House
from tests.support.cast import PASSWORD, Actor, Cast, make_cast

__all__ = ["PASSWORD", "Site", "make_site"]


@dataclass(frozen=True)
class Site:
    """A project with everybody on it; `wall` is an element with a plan of concrete pours."""

    house: House
    cast: Cast
    storey: UUID
    wall: UUID
    label_of_wall: str

    @property
    def url(self) -> str:
        """The address of the app."""
        return self.house.url

    @property
    def project(self) -> UUID:
        """The project's id."""
        return self.cast.project_id

    def blank_label(self) -> tuple[str, str]:
        """A printed label that is on nothing yet: its code, and the text of its QR code."""
        code = make_code()
        return code, f"{self.url}/q/{code}"

    def rows(self, kind: str, by: Actor | None = None) -> list[dict[str, object]]:
        """The feed's present rows of one kind, as a member sees them."""
        changes = (by or self.cast.project_manager).feed(limit=5000)["changes"]
        return [change["row"] for change in changes if change["kind"] == kind and change["row"]]


def make_site(house: House) -> Site:
    """The cast, a storey with a wall that is poured today, and its label."""
    cast = make_cast(house.client, house.engine)  # type: ignore[arg-type]  # The same client, over a real network.
    storey, wall, code = uuid7(), uuid7(), make_code()
    manager = cast.project_manager
    manager.did(
        "task:add",
        storey,
        {"parent": None, "code": "8F", "name": "八层主体结构", "name_en": "Storey 8", "level": "subdivision"},
    )
    manager.did(
        "task:add",
        wall,
        {
            "parent": str(storey),
            "code": "8F-W3",
            "name": "八层3号墙",
            "name_en": "Wall 3, 8F",
            "level": "element",
            "plan": "concrete_pour",
            "lat": "31.2308",
            "lon": "121.4711",
            "qr": code,
        },
    )
    return Site(house, cast, storey, wall, f"{house.url}/q/{code}")
