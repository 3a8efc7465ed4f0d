"""A process of eight threads that write: `python -m tests.faults.feed_writers <file>`; the file holds their acts.

Each line of the file is one thread's envelopes as JSON; they begin together when `<file>.go` is there, and each
envelope is sent as a batch of its own, so that every one takes a number of its own in a transaction of its own.
"""

import base64
import json
import sys
import threading
import time
from pathlib import Path
from uuid import UUID

from plumbline import db
from plumbline.acts.door import Door
from plumbline.acts.envelope import Signed
from plumbline.app import import_packages
from plumbline.settings import load


def write(door: Door, envelopes: list[dict[str, str]], refused: list[str]) -> None:
    """Send one envelope after the other."""
    for e in envelopes:
        signed = Signed(UUID(e["device_id"]), base64.b64decode(e["payload"]), base64.b64decode(e["signature"]))
        result = door.take([signed])[0]
        if result.verdict != "applied":
            refused.append(f"{result.verdict} {result.problem}")


def main(path: Path) -> int:
    """Run the threads; 0 when every act was applied."""
    import_packages()
    settings = load(pool_size=8)
    door = Door(db.make_engine(settings), settings)
    refused: list[str] = []
    work = [json.loads(line) for line in path.read_text().splitlines()]
    threads = [threading.Thread(target=write, args=(door, envelopes, refused)) for envelopes in work]
    path.with_suffix(".ready").touch()
    while not path.with_suffix(".go").exists():
        time.sleep(0.02)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    door.engine.dispose()
    sys.stdout.write("\n".join(refused))
    return len(refused)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
