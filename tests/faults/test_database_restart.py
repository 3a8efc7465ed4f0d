"""PostgreSQL is stopped and started while phones post: 503 meanwhile, nothing lost or doubled, no restart of ours."""

import threading
import time
from collections import Counter
from typing import Any

from uuid_utils.compat import uuid7

from tests.faults import whole
from tests.faults.conftest import Manned
from tests.support.cast import Actor, Cast
from tests.support.device import Envelope
from tests.support.evidence import slug

CLIENTS = 6
RECEIPT = {"material": "concrete_readymix_cn", "grade": "C30", "quantity": "10", "unit": "m3"}


class Poster(threading.Thread):
    """Posts one act after another, each until it is answered; notes every answer that was none."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(daemon=True)
        self.actor = actor
        self.answered: list[tuple[Envelope, dict[str, Any]]] = []
        self.others: Counter[tuple[int, str]] = Counter()
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            envelope = self.actor.act("lot:receive", uuid7(), RECEIPT)
            self.answered.append((envelope, self._insist(envelope)))

    def _insist(self, envelope: Envelope) -> dict[str, Any]:
        while True:
            answer = self.actor.post("/api/acts", {"envelopes": [envelope]})
            if answer.status_code == 200:
                result: dict[str, Any] = answer.json()["results"][0]
                return result
            self.others[(answer.status_code, answer.json()["type"])] += 1
            time.sleep(0.05)


def test_a_restarted_database_loses_and_doubles_nothing(grown_up: Manned) -> None:
    place, cast = grown_up.house, grown_up.cast
    assert place.database is not None
    posters = [Poster(actor) for actor in _six(cast)]
    for poster in posters:
        poster.start()
    for mode in ("fast", "immediate"):
        time.sleep(1)
        place.database.stop(mode)
        away = cast.foreman.get(cast.foreman.at("/acts"))
        assert (away.status_code, slug(away)) == (503, "database-unavailable")
        assert away.headers["retry-after"] == "3"
        time.sleep(0.5)
        place.database.start()
    time.sleep(1)
    for poster in posters:
        poster.stopped.set()
        poster.join(60)
        assert not poster.is_alive()

    assert set().union(*(poster.others for poster in posters)) == {(503, "/problems/database-unavailable")}
    for poster in posters:
        results = [again for at in range(0, len(poster.answered), 100) for again in _again(poster, at)]
        assert results == [result for _, result in poster.answered]
        assert {result["verdict"] for result in results} == {"applied"}
    told = [result for poster in posters for _, result in poster.answered]
    assert len({one["id"] for one in told}) == len({one["number"] for one in told}) == len(told) > CLIENTS
    assert whole.half_applied(place.engine, cast.project_id, []) == []
    assert place.api.is_running
    assert place.worker.is_running


def _six(cast: Cast) -> list[Actor]:
    """Six phones of the storekeeper, each with a chain of its own."""
    keepers = [
        Actor(cast.client, cast.storekeeper.login, cast.storekeeper.person_id, cast.project_id) for _ in range(CLIENTS)
    ]
    return [keeper.sign_in() for keeper in keepers]


def _again(poster: Poster, at: int) -> list[dict[str, Any]]:
    return poster.actor.send(*(envelope for envelope, _ in poster.answered[at : at + 100]))
