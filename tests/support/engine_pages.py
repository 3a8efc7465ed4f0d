"""The phone's engine in real browser pages, without screens: a test captures as fast as the browser writes.

The script is put into each page by the browser's driver, beside the app that the page shows; both share the database,
as two windows do.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, sync_playwright
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from plumbline.acts.models import ActRow
from plumbline.evidence.models import ActFileRow, EvidenceFile
from plumbline.settings import ROOT
from plumbline.steps.models import StepRecord
from tests.support.browser import find_browser

# No sandbox: the tests run as root in continuous integration.
FLAGS = ["--no-sandbox"]

SIGN_IN = """async ([login, password, project]) => {
  await engine.signIn(login, password);
  await engine.chooseProject(project);
}"""

# Records steps one after the other, and tells of each only after the engine called it saved.
RECORD = """async ([task, project, count, photos, bytes]) => {
  const definition = { key: "concrete_pour", version: 1 };
  const body = { task, kind: "concrete_pour.delivery_check", definition, lots: [] };
  const saved = [];
  for (let at = 0; at < count; at += 1) {
    const files = Array.from({ length: photos }, () => {
      const data = crypto.getRandomValues(new Uint8Array(bytes)).buffer;
      return { data, mime: "image/jpeg", role: "photo", subject: "e1", capture: "camera" };
    });
    const { act_id } = await engine.record("step:record", engine.uuid7(), body, { project, files });
    saved.push(act_id);
    if (globalThis.told) await told(act_id);
  }
  return saved;
}"""

# What the phone holds of these acts: those it has not got, and those whose bytes are not here and not verified either.
MISSING = """async (ids) => {
  const missing = [];
  for (const id of ids) {
    const act = await engine.db.acts.get(id);
    if (!act) { missing.push(id); continue; }
    for (const sha256 of act.file_hashes) {
      const kept = await engine.db.bytes.get([act.project_id, sha256]);
      const digest = kept ? await engine.sha256Hex(kept.data) : null;
      if (digest !== sha256) missing.push(`${id} ${sha256}`);
    }
  }
  return missing;
}"""

UNSENT = """async () => {
  const files = await engine.db.files.toArray();
  const acts = await engine.db.acts.toArray();
  return acts.filter((one) => one.verdict === null).length + files.filter((one) => one.state !== "sent").length;
}"""


def engine_script() -> Path:
    """The engine as one file, built when the sources are newer; two test runs at once build it one after the other."""
    built = ROOT / "build" / "engine" / "engine.js"
    lock_path = ROOT / "build" / "engine.lock"
    lock_path.parent.mkdir(exist_ok=True)
    with lock_path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if built.exists() and built.stat().st_mtime > max(source.stat().st_mtime for source in _sources()):
            return built
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        vite = [str(ROOT / "pwa" / "node_modules" / ".bin" / "vite"), "build"]
        command = [*vite, "--config", "tests/browser/vite.config.ts", "--logLevel", "warn"]
        subprocess.run(command, cwd=ROOT / "pwa", env=env, check=True)
    return built


def _sources() -> Iterator[Path]:
    pwa = ROOT / "pwa"
    for part in (pwa / "src" / "capture", pwa / "src" / "shared", pwa / "tests" / "browser"):
        yield from part.rglob("*.ts")
    yield pwa / "package-lock.json"


@contextmanager
def browser() -> Iterator[BrowserContext]:
    """A browser with the engine in each page."""
    script = engine_script()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(find_browser()), args=FLAGS)
        context = opened.new_context()
        context.add_init_script(path=script)
        yield context
        opened.close()


def until(page: Page, truth: str, tries: int = 600) -> None:
    """Ask the page ten times a second until `truth`, a function of it, says yes."""
    for _ in range(tries):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {truth}")


def send_everything(page: Page, rounds: int = 200) -> None:
    """Have the page send until nothing is unsent; each round is what a phone does after its back-off."""
    for _ in range(rounds):
        if page.evaluate(UNSENT) == 0:
            return
        page.evaluate("() => engine.syncNow()")
    raise AssertionError(f"still unsent after {rounds} rounds: {page.evaluate(UNSENT)}")


def at_server(database: Engine, ids: Sequence[str]) -> Mapping[str, Any]:
    """How these acts stand at the server: those that are not there, verdicts, and files that are not verified."""
    uuids = [UUID(id) for id in ids]
    with Session(database) as session:
        rows = [
            row for some in _hundreds(uuids) for row in session.exec(select(ActRow).where(col(ActRow.id).in_(some)))
        ]
        listed = select(EvidenceFile.status).join(
            ActFileRow,
            (col(ActFileRow.sha256) == col(EvidenceFile.sha256))
            & (col(ActFileRow.project_id) == col(EvidenceFile.project_id)),
        )
        states = [
            state for some in _hundreds(uuids) for state in session.exec(listed.where(col(ActFileRow.act_id).in_(some)))
        ]
    return {
        "lost": len(set(uuids) - {row.id for row in rows}),
        "not_applied": sum(row.verdict != "applied" for row in rows),
        "files": len(states),
        "unverified": sum(state != "verified" for state in states),
    }


def steps_of(database: Engine, task: str) -> int:
    """How many steps stand at this task, however they came."""
    with Session(database) as session:
        return session.exec(select(func.count()).where(StepRecord.task_id == UUID(task))).one()


def _hundreds(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[at : at + 100] for at in range(0, len(ids), 100)]
