"""An operator at a shell, who types the commands of the operations page."""

import os
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from plumbline.settings import ROOT, Settings
from tests.support.pages import commands
from tests.support.programs import Program, answers, free_port

PAGE = commands((ROOT / "infra" / "README.md").read_text("utf-8"))


@dataclass
class Operator:
    """Somebody at the shell of a server that is set up; `ran` is what they have typed of the page."""

    home: Path
    settings: Settings
    engine: Engine
    port: int = field(default_factory=free_port)
    instead: dict[str, str] = field(default_factory=dict)  # What the page has as examples, and what it is here.
    ran: set[str] = field(default_factory=set)

    def line(self, command: str, more: str = "") -> str:
        """The command of the page for this machine."""
        assert command in PAGE, f"the page does not have {command}"
        self.ran.add(command)
        for example, ours in self.instead.items():
            command = command.replace(example, shlex.quote(ours))
        return f"{command} {more}".strip()

    def env(self) -> dict[str, str]:
        """The settings, and a `plumbline` that is this checkout's."""
        named = {f"PLUMBLINE_{k.upper()}": str(v) for k, v in self.settings.model_dump(exclude_defaults=True).items()}
        others = {k: v for k, v in os.environ.items() if not k.startswith("PLUMBLINE_")}
        path = f"{self.home / 'bin'}:{os.environ['PATH']}"
        return others | named | {"PATH": path, "PYTHONPATH": str(ROOT / "backend"), "LC_ALL": ""}

    def does(self, command: str, more: str = "", *, status: int = 0, **env: str) -> str:
        """Run it to its end; returns what it said."""
        ended = subprocess.run(
            ["sh", "-c", self.line(command, more)],
            env=self.env() | env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        assert ended.returncode == status, f"{command}: {ended.stdout}{ended.stderr}"
        assert "Traceback" not in ended.stderr
        return ended.stdout + ended.stderr

    def types(self, command: str, answer: str) -> None:
        """Run it at a terminal of its own, and type the answer when it asks."""
        ours, theirs = os.openpty()
        with open(ours, "r+b", buffering=0) as terminal:
            process = subprocess.Popen(
                ["sh", "-c", self.line(command)], env=self.env(), stdin=theirs, stdout=theirs, stderr=theirs,
                start_new_session=True,
            )  # fmt: skip
            os.close(theirs)
            said = b""
            while b"Password" not in said:
                said += terminal.read(1000)
            terminal.write(f"{answer}\n".encode())
            while b"can sign in" not in said:
                said += terminal.read(1000)
            assert process.wait(30) == 0
        assert answer not in said.decode()

    def begins(self, command: str, more: str = "", ready: str = "") -> Program:
        """Start what goes on running."""
        said = self.home / f"{len(self.ran)}.log"
        shell = ["sh", "-c", f"exec env {self.line(command, more)}"]
        program = Program(command, shell, said, lambda: not ready or answers(ready), self.env())
        program.start()
        return program

    @property
    def url(self) -> str:
        """Where the server is."""
        return f"http://127.0.0.1:{self.port}"
