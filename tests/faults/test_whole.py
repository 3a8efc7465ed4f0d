"""The checks of the other tests see what they look for: each kind of damage is made by hand, and must be noticed."""

import base64
import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from tests.faults import whole
from tests.faults.phones import Ledger, Sent
from tests.support.cast import Actor, Cast
from tests.support.works import add_task, photo, pour, receive_lot

DAMAGE = {
    "an act that is still claimed": "UPDATE act SET verdict = 'claimed' WHERE type = 'step:record'",
    "a number that is missing": "UPDATE act SET number = 1000 WHERE type = 'step:record'",
    "a refused act with a number": "UPDATE act SET verdict = 'refused' WHERE type = 'step:record'",
    "a change that the feed lacks": "DELETE FROM change WHERE kind = 'step'",
    "a step that is not there": "DELETE FROM step",
    "an edge that is missing": "DELETE FROM trace_edge",
    "a node that is missing": "DELETE FROM trace_node",
    "a file that is not listed": "DELETE FROM act_file",
    "a movement that is missing": "DELETE FROM lot_movement WHERE step_id IS NOT NULL",
    "a balance that its account does not bear out": "UPDATE lot SET received = received + 5, on_hand = on_hand + 5",
}
LOSS = {
    "an act that is gone": "DELETE FROM act WHERE type = 'step:record'",
    "another number than was told": "UPDATE act SET number = number + 1000 WHERE type = 'step:record'",
    "another verdict than was told": "UPDATE act SET verdict = 'refused' WHERE type = 'step:record'",
}


def poured(cast: Cast) -> tuple[Actor, Sent, dict[str, Any]]:
    """One step with a lot and a photo, as signed and as answered."""
    foreman, step = cast.foreman, uuid7()
    body = pour(add_task(cast), (receive_lot(cast.storekeeper), "2"))
    envelope = foreman.act("step:record", step, body, files=[photo()])
    id = json.loads(base64.b64decode(envelope["payload"]))["id"]
    return foreman, Sent(id, "step:record", str(step), envelope, 1, 1, "applied"), foreman.send(envelope)[0]


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_what_is_there_by_halves_is_noticed(cast: Cast, damage: str) -> None:
    _, sent, _ = poured(cast)
    assert whole.half_applied(cast.engine, cast.project_id, [sent]) == []

    with cast.engine.begin() as conn:
        conn.execute(text(damage))

    assert whole.half_applied(cast.engine, cast.project_id, [sent]) != []


@pytest.mark.parametrize("loss", LOSS.values(), ids=LOSS.keys())
def test_what_was_told_and_is_lost_is_noticed(cast: Cast, loss: str) -> None:
    _, sent, answer = poured(cast)
    ledger = Ledger([sent], {sent.id: answer})
    assert whole.lost(cast.engine, cast.project_id, ledger) == []

    with cast.engine.begin() as conn:
        conn.execute(text(loss))

    assert whole.lost(cast.engine, cast.project_id, ledger) != []


def test_an_intent_or_a_file_that_is_gone_is_noticed(cast: Cast) -> None:
    ledger = Ledger(intents={"0" * 64: str(UUID(int=1))}, verified={"0" * 64: 1})

    assert len(whole.lost(cast.engine, cast.project_id, ledger)) == 2
