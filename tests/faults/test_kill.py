"""kill -9 of API, worker, store and database at random moments, while phones send acts and files without a pause.

ROUNDS (2) kills each database, or as many as MINUTES allow; SEED makes the same choices again. `make soak` does 200.
"""

import os
import secrets
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from tests.faults import whole
from tests.faults.conftest import Manned
from tests.faults.phones import KEEPS_SECONDS, Gate, Phone
from tests.support.cast import Cast, newcomer
from tests.support.houses import House
from tests.support.works import add_task

ROUNDS = int(os.environ.get("ROUNDS", "2"))
MINUTES = float(os.environ.get("MINUTES", "1000"))
SEED = os.environ.get("SEED") or secrets.token_hex(4)
PHONES = 8
LOOK_EVERY = 20
# Who is killed in one round; API and worker at once is what a machine does that loses its power.
VICTIMS = {
    "sqlite": (("api",), ("worker",), ("api", "worker")),
    "postgresql": (("api",), ("worker",), ("store",), ("api", "store"), ("database",), ("api", "worker", "store")),
}


@dataclass
class Tally:
    """What happened."""

    rounds: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    starts_s: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)


def make_phones(place: House, cast: Cast, gate: Gate, stack: ExitStack) -> list[Phone]:
    task = add_task(cast)
    phones = []
    for n in range(PHONES):
        client = stack.enter_context(place.client())
        actor = newcomer(client, place.engine, f"phone-{n}", cast.project_id)  # type: ignore[arg-type]
        body = {"person": str(actor.person_id), "organization": str(cast.contractor), "roles": ["foreman"]}
        cast.administrator.did("member:admit", actor.person_id, body)
        phones.append(Phone(actor, task, f"{SEED} {place.kind} {n}", gate))
    return phones


def kill_and_start(place: House, victims: tuple[str, ...], tally: Tally) -> None:
    programs = [p for p in (place.api, place.worker, place.store) if p is not None and p.name in victims]
    for program in programs:
        program.kill()
    if "database" in victims:
        assert place.database is not None
        place.database.stop("immediate")
        place.database.start()
    for program in reversed(programs):  # The store first, the API last.
        took_s = program.start()
        if program is place.api:
            tally.starts_s.append(took_s)
    tally.kills.update(victims)


def look(place: House, project_id: UUID, phones: list[Phone], gate: Gate, tally: Tally) -> None:
    """Have everybody finish, then ask for everything that was said and for halves."""
    came_to_rest = gate.close(KEEPS_SECONDS)
    tally.lost += [] if came_to_rest else ["a phone did not come to rest"]
    for phone in phones:
        tally.lost += phone.ledger.wrong + whole.lost(place.engine, project_id, phone.ledger)
        phone.ledger.wrong.clear()
    sent = [one for phone in phones for one in phone.ledger.acts]
    tally.half += whole.half_applied(place.engine, project_id, sent)
    gate.open()


def send_again(phones: list[Phone]) -> list[str]:
    """Every act once more: each gets the verdict that stands, also those that were never answered."""
    said = []
    for phone in phones:
        for at in range(0, len(phone.ledger.acts), 100):
            batch = phone.ledger.acts[at : at + 100]
            for one, again in zip(batch, phone.send(batch), strict=True):
                first = phone.ledger.answers.get(one.id, again)
                if first["verdict"] != "deferred" and again != first:
                    said.append(f"{one.type} {one.id}: first {first}, then {again}")
                if again["verdict"] not in (one.wants, "deferred"):
                    said.append(f"{one.type} {one.id} came to {again['verdict']}")
    return said


def test_kill_9_loses_nothing_and_leaves_nothing_half_done(
    manned: Manned, record_property: Callable[[str, object], None]
) -> None:
    place, cast = manned.house, manned.cast
    random, gate, tally = Random(f"{SEED} {place.kind}"), Gate(2 * PHONES), Tally()
    with ExitStack() as stack:
        phones = make_phones(place, cast, gate, stack)
        for phone in phones:
            phone.start()
        end = time.monotonic() + 60 * MINUTES
        while tally.rounds < ROUNDS and time.monotonic() < end:
            time.sleep(random.uniform(0.3, 1.5))
            kill_and_start(place, random.choice(VICTIMS[place.kind]), tally)
            tally.rounds += 1
            if tally.rounds % LOOK_EVERY == 0:
                look(place, cast.project_id, phones, gate, tally)
        look(place, cast.project_id, phones, gate, tally)
        for phone in phones:
            phone.stop()
        tally.lost += send_again(phones)
        tally.unread += whole.unread(place.engine, place.objects, cast.project_id)
        tally.half += whole.undone(place.engine, cast.project_id, 60)
    record_property(f"kill -9, {PHONES} uploads in flight, {place.kind}", told(phones, tally))

    assert (tally.lost, tally.unread, tally.half) == ([], [], [])


def told(phones: list[Phone], tally: Tally) -> str:
    """One line for people."""
    acts, files = (sum(len(getattr(p.ledger, what)) for p in phones) for what in ("answers", "verified"))
    retries = sum(p.ledger.retries for p in phones)
    starts = f"API up again after at most {max(tally.starts_s):.1f} s" if tally.starts_s else "API not killed"
    kills = ", ".join(f"{n} {name}" for name, n in sorted(tally.kills.items()))
    return (
        f"SEED={SEED}, {tally.rounds} rounds, killed {kills}; "
        f"{acts} acts and {files} files acknowledged, {retries} requests sent again; acknowledged ≠ stored "
        f"{len(tally.lost)}, verified ≠ bytes {len(tally.unread)}, half-applied {len(tally.half)}; {starts}"
    )
