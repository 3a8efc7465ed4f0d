"""Telling what happens to the material of a sample site: deliveries, papers, tests and movements, by acts."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from plumbline.codes import make_code
from plumbline.sample.album import Album
from plumbline.sample.phone import instant
from plumbline.sample.rows import Delivery, Making, Movement, Paper, Story, Trial
from plumbline.sample.site import Photo, Site


def tell_material(site: Site, album: Album, story: Story) -> None:
    """Plan every act on lots; `site.play` posts them in the order of receipt."""
    for delivery in story.deliveries:
        site.plan(site.at(delivery.day, delivery.clock), partial(_deliver, site, album, delivery))
    for paper in story.papers:
        site.plan(site.at(paper.day, paper.clock), partial(_attach, site, album, paper))
    for trial in story.trials:
        site.plan(site.at(trial.day, trial.clock), partial(_test, site, trial))
    for movement in story.movements:
        site.plan(site.at(movement.day, movement.clock), partial(_move, site, movement))
    for making in story.makings:
        site.plan(site.at(making.day, making.clock), partial(_make, site, making))


def _make(site: Site, row: Making, at: datetime) -> None:
    body: dict[str, Any] = {
        "inputs": [{"lot": str(site.id(f"lot {lot}")), "quantity": q, "unit": unit} for lot, q, unit in row.inputs],
        "place": site.id(f"place {row.place}"),
        "qr": make_code(),
    }
    if row.material:
        made = {"material": row.material, "quantity": row.quantity, "unit": row.unit, "serial_no": row.serial_no}
        body |= {name: value for name, value in made.items() if value is not None}
    site.do(row.who, row.act, site.new(f"lot {row.new}", at), body, at)


def _deliver(site: Site, album: Album, row: Delivery, at: datetime) -> None:
    same = ("material", "grade", "size", "quantity", "unit", "manufacturer", "heat_no", "batch_no", "delivery_note")
    body: dict[str, Any] = {name: getattr(row, name) for name in (*same, "vehicle")}
    body |= {
        "supplier": site.id(f"organization {row.supplier}"),
        "place": site.id(f"place {row.place}"),
        "produced_on": None if row.produced is None else site.day(row.produced).isoformat(),
        "delivered_at": None if row.act == "lot:announce" else instant(at - timedelta(minutes=4)),
        "qr": make_code(),
    }
    photos = [album.of_lot(row, at - timedelta(minutes=2))] if row.photo else []
    claims = [photo.claim() for photo in photos]
    site.do(row.who, row.act, site.new(f"lot {row.key}", at), body, at, files=claims)
    send(site, row.who, photos, at)


def _attach(site: Site, album: Album, row: Paper, at: datetime) -> None:
    photo = album.of_paper(row, at - timedelta(minutes=1))
    body = {
        "kind": row.kind,
        "number": row.number,
        "issuer": row.issuer,
        "issued_on": site.day(row.day + 3).isoformat(),
        "standard": row.standard,
        "lots": [site.id(f"lot {lot}") for lot in row.lots],
        "heats": list(row.heats),
    }
    site.do(row.who, "certificate:attach", site.new(f"paper {row.number}", at), body, at, files=[photo.claim()])
    send(site, row.who, [photo], at)


def _test(site: Site, row: Trial, at: datetime) -> None:
    body = {
        "lot": site.id(f"lot {row.lot}"),
        "kind": row.kind,
        "result": row.result,
        "report_no": row.report_no,
        "laboratory": site.id("organization laboratory"),
        "sampled_on": site.day(row.sampled).isoformat(),
        "tested_on": None if row.tested is None else site.day(row.tested).isoformat(),
        "due_on": None if row.due is None else site.day(row.due).isoformat(),
        "values": [{"property": name, "value": value, "unit": unit} for name, value, unit in row.values],
    }
    site.do("lab", "test:record", site.new(f"test {row.lot} {row.kind} {row.result}", at), body, at)


def _move(site: Site, row: Movement, at: datetime) -> None:
    site.do(row.who, row.act, site.id(f"lot {row.lot}"), _movement_body(site, row, at), at)


def _movement_body(site: Site, row: Movement, at: datetime) -> dict[str, Any]:
    part: dict[str, Any] = {"quantity": row.quantity}
    if row.new:
        part |= {"lot": site.new(f"lot {row.new}", at), "qr": make_code()}
    match row.act:
        case "lot:split":
            return {"parts": [part]}
        case "lot:issue":
            return {**part, "crew": site.id(f"crew {row.to}")}
        case "lot:return":
            return {**part, "place": site.id(f"place {row.to}")}
        case "lot:move":
            return {"place": site.id(f"place {row.to}")}
        case "lot:scrap":
            return {**part, "reason": row.reason}
    return {"reason": row.reason}


def send(site: Site, who: str, photos: list[Photo], received_at: datetime) -> None:
    """Send photos after their act; each is verified some seconds after the one before."""
    for n, photo in enumerate(photos, start=1):
        site.upload(who, [photo], min(received_at + timedelta(seconds=9 * n), site.now))
