"""What a link shows, and what it does not: scopes of element, lot and project."""

from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from plumbline.grants.schemas import GrantKind
from plumbline.settings import Settings
from tests.support.cast import Cast
from tests.support.evidence import slug
from tests.support.links import Link, given, scope_of
from tests.support.works import HERE, add_task, decide, photo, pour, receive_lot, verify


@dataclass
class Site:
    """Two walls of one floor, poured from one truck; only the second used the other truck, and has a defect."""

    cast: Cast
    floor: UUID
    wall: UUID
    other_wall: UUID
    truck: UUID
    other_truck: UUID
    step: UUID
    step_act: str
    other_step: UUID
    certificate: UUID
    defect: UUID
    other_defect: UUID
    photo: str
    other_photo: str
    decision_act: str

    def link(self, kind: str, id: UUID | None = None, **change: Any) -> Link:
        """A link that is open."""
        return given(self.cast.project_manager, scope_of(self.cast, kind, id), **change)


@pytest.fixture
def site(cast: Cast, settings: Settings) -> Site:
    """All made by acts; photos are known as read by the server."""
    floor = add_task(cast, "8F", level="item", name="八层")
    walls = [add_task(cast, f"8F-W{n}", parent=str(floor)) for n in (1, 2)]
    trucks = [receive_lot(cast.storekeeper) for _ in range(2)]
    paper, photos = photo(b"paper", role="certificate"), [photo(b"one"), photo(b"two")]
    certificate, steps, defects = uuid7(), [uuid7(), uuid7()], [uuid7(), uuid7()]
    body = {"kind": "mill", "number": "C-1", "lots": [str(trucks[0])], "heats": []}
    cast.storekeeper.did("certificate:attach", certificate, body, files=[paper])
    cast.foreman.feed()
    uses = [[(trucks[0], "3")], [(trucks[0], "3"), (trucks[1], "2")]]
    done = [
        cast.foreman.did("step:record", steps[n], pour(walls[n], *uses[n]), files=[photos[n]], where=HERE)
        for n in range(2)
    ]
    for file in (paper, *photos):
        verify(cast, settings, file)
    decided = cast.project_manager.did("approval:decide", uuid7(), decide(steps[0]))
    for wall, defect in zip(walls, defects, strict=True):
        cast.inspector.did("defect:raise", defect, {"task": str(wall), "title": "裂缝", "severity": "minor"})
    return Site(
        cast=cast,
        floor=floor,
        wall=walls[0],
        other_wall=walls[1],
        truck=trucks[0],
        other_truck=trucks[1],
        step=steps[0],
        step_act=done[0]["id"],
        other_step=steps[1],
        certificate=certificate,
        defect=defects[0],
        other_defect=defects[1],
        photo=photos[0]["sha256"],
        other_photo=photos[1]["sha256"],
        decision_act=decided["id"],
    )


def statuses(link: Link, *paths: str) -> list[int]:
    return [link.get(path).status_code for path in paths]


def trace(link: Link, kind: str, node: UUID, direction: str = "both") -> Any:
    return link.get("/trace", kind=kind, node=str(node), direction=direction)


def nodes(found: Any, kind: str) -> set[str]:
    return {n["id"] for n in found.json()["nodes"] if n["kind"] == kind}


def test_an_elements_link_shows_its_records_and_proofs(site: Site) -> None:
    link = site.link("task", site.wall)

    record = link.get(f"/tasks/{site.wall}/record").json()
    act = link.get(f"/acts/{site.step_act}").json()

    assert [s["id"] for s in record["steps"]] == [str(site.step)]
    assert [c["id"] for c in record["certificates"]] == [str(site.certificate)]
    assert act["signature_holds"] is True
    assert str(site.step) in act["payload"]
    paths = [f"/steps/{site.step}", f"/acts/{site.decision_act}", f"/files/{site.photo}/meta"]
    assert statuses(link, *paths, f"/acts?verdict=applied&object={site.truck}") == [200] * 4


def test_an_elements_link_hides_every_other_element(site: Site) -> None:
    link = site.link("task", site.wall)
    hidden = [f"/tasks/{site.other_wall}/record", f"/tasks/{site.floor}/record", f"/steps/{site.other_step}"]
    hidden += [f"/files/{site.other_photo}{part}" for part in ("", "/meta", "/preview")]
    hidden += [f"/acts?verdict=applied&object={site.other_step}", "/acts?verdict=refused", "/acts?verdict=applied"]

    assert statuses(link, *hidden) == [404] * len(hidden)
    assert [trace(link, kind, id).status_code for kind, id in (
        ("task", site.other_wall), ("task", site.floor), ("step", site.other_step),
        ("lot", site.other_truck), ("defect", site.other_defect),
    )] == [404] * 5  # fmt: skip


def test_a_walk_forward_from_a_shared_lot_ends_at_the_elements_own_records(site: Site) -> None:
    found = trace(site.link("task", site.wall), "lot", site.truck, "forward")

    assert nodes(found, "task") == {str(site.wall)}
    assert nodes(found, "step") == {str(site.step)}
    ends = {edge[end] for edge in found.json()["edges"] for end in ("source", "target")}
    assert ends <= {n["id"] for n in found.json()["nodes"]}


def test_an_elements_link_walks_back_to_lots_certificates_and_people(site: Site) -> None:
    found = trace(site.link("task", site.wall), "task", site.wall, "backward")
    context = found.json()["context"]

    assert nodes(found, "lot") == {str(site.truck)}
    assert [c["id"] for c in context["certificates"]] == [str(site.certificate)]
    assert [d["id"] for d in context["defects"]] == [str(site.defect)]
    assert {tuple(p) for p in context["people"]} == {("id", "display_name", "organization_id")}


def test_a_floors_link_shows_all_below_it(site: Site) -> None:
    link = site.link("task", site.floor)

    assert statuses(link, *(f"/tasks/{id}/record" for id in (site.floor, site.wall, site.other_wall))) == [200] * 3
    assert {t["code"] for t in link.get("/contents").json()["things"] if t["kind"] == "task"} == {
        "8F", "8F-W1", "8F-W2",
    }  # fmt: skip


def test_a_lots_link_shows_the_lot_and_names_where_it_went(site: Site) -> None:
    link = site.link("lot", site.truck)
    found = trace(link, "lot", site.truck)
    labels = {n["id"]: (n["label"], n["status"]) for n in found.json()["nodes"]}

    assert labels[str(site.wall)] == ("8F-W1 八层3号墙", "")
    assert nodes(found, "task") == {str(site.wall), str(site.other_wall)}
    assert str(site.other_truck) not in labels
    context = found.json()["context"]
    assert [c["id"] for c in context["certificates"]] == [str(site.certificate)]
    assert [context[key] for key in ("people", "crews", "files", "defects")] == [[], [], [], []]
    hidden = [
        f"/tasks/{site.wall}/record",
        f"/steps/{site.step}",
        f"/acts/{site.step_act}",
        f"/files/{site.photo}/meta",
    ]
    assert statuses(link, *hidden) == [404] * 4
    assert trace(link, "step", site.step).status_code == 404


def test_a_lots_link_opens_the_lots_page(site: Site) -> None:
    link = site.link("lot", site.truck)
    page = link.get(f"/lots/{site.truck}/record").json()

    assert page["lot"]["id"] == str(site.truck)
    assert [c["id"] for c in page["certificates"]] == [str(site.certificate)]
    assert [a["type"] for a in page["acts"]] == ["lot:receive", "certificate:attach"]
    assert link.get(f"/lots/{site.other_truck}/record").status_code == 404


def test_a_projects_link_shows_all_work_but_not_who_was_let_in(site: Site) -> None:
    link = site.link("project")
    shown = [f"/tasks/{site.other_wall}/record", f"/steps/{site.other_step}", f"/acts/{site.step_act}"]
    private = [f"/acts/{line['id']}" for line in admissions(site.cast)]

    assert statuses(link, *shown, f"/files/{site.other_photo}/meta") == [200] * 4
    assert len(private) > 5
    assert set(statuses(link, *private)) == {404}
    person = site.cast.foreman.person_id
    assert link.get(f"/acts?verdict=applied&object={person}").json() == {"acts": []}


def admissions(cast: Cast) -> list[Any]:
    acts = cast.administrator.get(cast.administrator.at("/acts"), params={"verdict": "applied", "limit": 500})
    return [act for act in acts.json()["acts"] if act["type"].startswith(("member:", "grant:"))]


def test_originals_need_their_own_right(site: Site) -> None:
    plain, whole = site.link("task", site.wall), site.link("task", site.wall, rights=["view", "originals"])

    assert slug(plain.get(f"/files/{site.photo}")) == "originals-not-shared"
    assert whole.get(f"/files/{site.photo}").status_code != 403
    assert whole.get(f"/files/{site.other_photo}").status_code == 404


def test_a_link_tells_of_a_shared_file_only_where_it_lies_in_scope(site: Site) -> None:
    cast, both = site.cast, photo(b"one")
    cast.foreman.feed()
    cast.foreman.did("step:record", uuid7(), pour(site.other_wall), files=[both], where=HERE)

    attached = site.link("task", site.wall).get(f"/files/{site.photo}/meta").json()["attached"]

    assert [a["id"] for a in attached] == [str(site.step)]


def test_a_link_reads_no_other_project_and_no_route_for_members(site: Site) -> None:
    link = site.link("project")
    link.project_id = site.cast.stranger.project_id

    assert statuses(link, "/contents", f"/acts/{site.step_act}") == [404, 404]
    link.project_id = site.cast.project_id
    members_only = ["/invites", "/devices", "/api-keys", "/grants", "/tasks/import-template.csv"]
    assert statuses(link, *members_only, f"/labels/lot/{site.truck}.png") == [401] * 6


def test_a_link_of_each_kind_shows_its_scope_and_no_more_and_leaves_a_line_for_each_view(site: Site) -> None:
    manager, admitted = site.cast.project_manager, f"/acts/{admissions(site.cast)[0]['id']}"
    scopes = [
        ("lot", site.truck, f"/lots/{site.truck}/record", f"/lots/{site.other_truck}/record"),
        ("task", site.wall, f"/tasks/{site.wall}/record", f"/tasks/{site.other_wall}/record"),
        ("project", None, f"/tasks/{site.other_wall}/record", admitted),
    ]
    told, lines = {}, {}
    for kind in get_args(GrantKind):
        for scope, id, shown, hidden in scopes:
            link = given(manager, scope_of(site.cast, scope, id), kind=kind)
            told[str(link.grant_id)] = (kind, scope, 2)
            assert statuses(link, shown, hidden) == [200, 404], (kind, scope)
            log = manager.get(manager.at(f"/grants/{link.grant_id}/views")).json()
            lines[kind, scope] = [line["what"] for line in log]

    grants = manager.get(manager.at("/grants")).json()
    assert {g["id"]: (g["kind"], g["scope"], g["views"]) for g in grants} == told
    record = {"lot": "lot", "task": "task", "project": "task"}
    assert lines == {(kind, scope): [record[scope], "open"] for kind, scope, _ in told.values()}
    assert len(lines) == 12
