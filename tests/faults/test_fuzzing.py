"""Schemathesis asks the whole API what its document allows, and what it does not, in all its phases and checks.

Real processes on both databases and both stores; as an administrator by token, and as another system by its key, which
alone may post unsigned acts. `make soak` asks more (EXAMPLES). What the document does not say is a fault here.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plumbline.contract import TOKEN
from tests.faults.conftest import Manned, _manned
from tests.support.estate import Estate, make_estate

EXAMPLES = os.environ.get("EXAMPLES", "")
SEED = os.environ.get("SEED", "20261127")
# Whoever signs out or stops the device that asks is refused from then on, and nothing more would be learned.
ENDS_THE_SESSION = ("/api/sign-out", "/api/projects/{project_id}/devices/{device_id}/revoke")
# A request of the right form may still be refused for what it says; such a refusal is documented, too.
ANSWERS = ["2xx", "304", "401", "403", "404", "409", "410", "413", "422", "429"]
# In `make test` the boundary values, which are many, are tried on one of the databases.
PHASES = {"sqlite": "examples,coverage,fuzzing,stateful", "postgresql": "fuzzing,stateful"}


@pytest.fixture(params=["sqlite", "postgresql"])
def manned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manned]:
    """A house that nobody else uses: what is made up here would stand in the way of those who count acts."""
    with _manned(request.param, tmp_path_factory) as own:
        yield own


def config(estate: Estate) -> str:
    """Ids of things that are there, so that the questions come further than to «not found»."""
    ids = {**estate.ids, **estate.codes}
    names = ("project", "task", "lot", "step", "act", "grant", "upload", "device", "case")
    lines = [f'"path.{name}_id" = "{ids[name]}"' for name in names]
    lines.append(f'"path.sha256" = "{estate.codes["sha256"]}"')
    found = "\n".join(lines)
    return f"[parameters]\n{found}\n\n[checks.positive_data_acceptance]\nexpected-statuses = {ANSWERS}\n"


def ask(manned: Manned, home: Path, authorization: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Run Schemathesis against the house; its words come back."""
    document = manned.cast.client.get("/schema/openapi.json")
    (home / "openapi.json").write_text(document.text, "utf-8")
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(home / "schemathesis.toml"), "run", str(home / "openapi.json")),
        *("--url", manned.house.url, "--header", f"Authorization: {authorization}", "--no-color"),
        *("--phases", PHASES["sqlite" if EXAMPLES else manned.house.kind], "--checks", "all"),
        *("--max-examples", EXAMPLES or "2", "--seed", SEED, "--continue-on-failure", "--warnings", "off", *more),
    ]
    return subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, timeout=1800)


def test_no_answer_is_an_error_or_breaks_the_document(manned: Manned, tmp_path: Path) -> None:
    estate = make_estate(manned.cast, manned.house.settings)
    (tmp_path / "schemathesis.toml").write_text(config(estate), "utf-8")
    administrator = manned.cast.administrator
    left_out = [part for path in ENDS_THE_SESSION for part in ("--exclude-path", path)]
    for authorization, asked in (
        (administrator.headers["Authorization"], left_out),
        (f"{TOKEN} {estate.codes['api_key']}", ["--include-path", "/api/projects/{project_id}/acts/{type}"]),
    ):
        told = ask(manned, tmp_path, authorization, *asked)
        assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-2000:]
    me = manned.cast.client.get("/api/me", headers=administrator.headers)
    assert me.status_code == 200, "The session ended on the way: what came after it was not asked."
