"""Two machines on one: network namespaces joined by a cable, where the kernel permits it, with root or without.

`python -m tests.support.namespaces` says whether it does: continuous integration says so at its end when it does not.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NEEDED = ("ip", "nsenter", "unshare")
WAIT_S = 10


class NotPermitted(Exception):
    """This machine makes no network namespaces; the message says what was tried and what came back."""


@dataclass(frozen=True)
class Machine:
    """One network namespace: alone but for its cable `eth0`."""

    process: subprocess.Popen[bytes]
    is_user_namespace: bool

    def command(self, *arguments: str) -> list[str]:
        """The same command, run in there."""
        user = ("-U", "--preserve-credentials") if self.is_user_namespace else ()
        return ["nsenter", "-t", str(self.process.pid), "-n", *user, "--", *arguments]

    def run(self, *arguments: str) -> str:
        """Run a command in there; returns what it printed. Raises CalledProcessError."""
        return subprocess.run(self.command(*arguments), check=True, capture_output=True, text=True).stdout

    def program(self, folder: Path, of: str) -> Path:
        """A program that runs `of` in there: for those who start programs by a path alone."""
        path = folder / f"there-{self.process.pid}"
        path.write_text(f'#!/bin/sh\nexec {" ".join(self.command(of))} "$@"\n', "utf-8")
        path.chmod(0o755)
        return path

    def move(self, address: str) -> None:
        """Give the machine this address (with its network's length) and take the one that it had."""
        self.run("ip", "address", "flush", "dev", "eth0")
        self.run("ip", "address", "add", address, "dev", "eth0")


@contextmanager
def two_machines() -> Iterator[tuple[Machine, Machine]]:
    """Two machines with a cable between them and no addresses yet. Raises NotPermitted."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        raise NotPermitted(f"not installed: {', '.join(missing)} (Debian, Ubuntu: apt install iproute2 util-linux)")
    # Root needs no user namespace; others get one, in which they are root, where the system lets them.
    is_user = os.geteuid() != 0
    first = _machine(["unshare", *(["-U", "-r"] if is_user else []), "-n"], is_user)
    second = None
    try:
        second = _machine([*first.command("unshare", "-n")], is_user)
        _cable(first, second)
        yield first, second
    finally:
        for machine in filter(None, (second, first)):
            machine.process.kill()
            machine.process.communicate()


def _machine(inside: list[str], is_user: bool) -> Machine:
    # Each command replaces itself by the next, so the process that we started is the one that sleeps in there.
    process = subprocess.Popen([*inside, "sleep", "infinity"], stderr=subprocess.PIPE)
    end = time.monotonic() + WAIT_S
    while process.poll() is None and time.monotonic() < end:
        if Path(f"/proc/{process.pid}/comm").read_text().strip() == "sleep":
            return Machine(process, is_user)
        time.sleep(0.01)
    process.kill()
    said = process.communicate()[1].decode().strip()
    raise NotPermitted(f"{' '.join(inside)}: {said or 'no answer'}")


def _cable(first: Machine, second: Machine) -> None:
    try:
        peer = ("peer", "name", "eth0", "netns", str(second.process.pid))
        first.run("ip", "link", "add", "eth0", "type", "veth", *peer)
        for machine in (first, second):
            for name in ("lo", "eth0"):
                machine.run("ip", "link", "set", name, "up")
    except subprocess.CalledProcessError as refused:
        raise NotPermitted(f"{' '.join(refused.cmd)}: {refused.stderr.strip()}") from refused


def main() -> int:
    """0: they can be made. 1: not, and why."""
    try:
        with two_machines():
            return 0
    except NotPermitted as reason:
        sys.stdout.write(f"No phone on another machine joined (tests/e2e/test_other_machine.py): {reason}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
