"""How many acts a second go through the door, and how long the feed takes to bring them down."""

import time

from uuid_utils.compat import uuid7

from tests.api.test_receive_lot import receipt
from tests.bench.conftest import Report
from tests.support.cast import Cast

ACTS = 500
BATCH = 50


def test_receipts_in_batches(cast: Cast, figure: Report) -> None:
    keeper = cast.storekeeper
    envelopes = [keeper.act("lot:receive", uuid7(), receipt(cast)) for _ in range(ACTS)]
    batches = [envelopes[at : at + BATCH] for at in range(0, ACTS, BATCH)]

    started = time.perf_counter()
    took_s = []
    for batch in batches:
        began = time.perf_counter()
        results = keeper.send(*batch)
        took_s.append(time.perf_counter() - began)
        assert all(result["verdict"] == "applied" for result in results)
    spent_s = time.perf_counter() - started

    kind = cast.engine.dialect.name
    figure(f"receipts in batches of {BATCH}, one client, {kind}", ACTS / spent_s, "acts/s")
    figure(f"worst batch of {BATCH} receipts, {kind}", max(took_s) * 1000, "ms")


def test_a_phone_that_starts_with_nothing(cast: Cast, figure: Report) -> None:
    keeper = cast.storekeeper
    for _ in range(ACTS // BATCH):
        keeper.send(*(keeper.act("lot:receive", uuid7(), receipt(cast)) for _ in range(BATCH)))

    started = time.perf_counter()
    page = cast.foreman.feed(limit=5000)
    spent_ms = (time.perf_counter() - started) * 1000

    assert len(page["changes"]) >= ACTS
    figure(f"feed of {len(page['changes'])} rows, {cast.engine.dialect.name}", spent_ms, "ms")
