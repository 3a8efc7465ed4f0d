"""The operations page and the set-up files say what the code does."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from plumbline.cli import settings_table
from plumbline.settings import ROOT, SECRETS, Settings

PAGE = (ROOT / "infra" / "README.md").read_text("utf-8")
SET_UP = [ROOT / "infra" / name for name in ("compose.yaml", "Dockerfile", "plumbline.service", "README.md")]


def test_the_operations_page_has_every_setting_as_the_code_has_it() -> None:
    assert settings_table() in PAGE, "run `plumbline settings` and put its table into infra/README.md"


def test_every_secret_can_come_from_a_file_and_the_page_says_so() -> None:
    for name in SECRETS:
        assert f"PLUMBLINE_{name.upper()}_FILE" in PAGE


@pytest.mark.parametrize("path", SET_UP, ids=lambda path: path.name)
def test_set_up_files_name_only_settings_that_exist(path: Path) -> None:
    known = {f"PLUMBLINE_{name.upper()}" for name in Settings.model_fields}
    known |= {f"PLUMBLINE_{name.upper()}_FILE" for name in SECRETS} | {"PLUMBLINE_SETTINGS_FILE", "PLUMBLINE_HOST"}

    named = set(re.findall(r"PLUMBLINE_[A-Z0-9_]*[A-Z0-9]", path.read_text("utf-8")))

    # "PLUMBLINE_S3_…" in prose stands for the whole family.
    assert named - known - {"PLUMBLINE_S3"} == set()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-build.lock", "requirements-dev.lock"])
def test_lock_files_pin_hashes_and_name_no_index(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith((" ", "#"))]

    assert pins
    assert all("==" in pin for pin in pins)
    assert not [line for line in lines if "://" in line or line.startswith("-")]


def test_everything_that_the_project_names_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = {re.split(r"[\[<>=~! ]", line)[0].lower() for line in project["project"]["dependencies"]}

    locked = {line.split("==")[0] for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()}

    assert wanted - locked == set(), "run: make lock"


def test_the_front_end_lock_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "pwa" / "package-lock.json").read_text("utf-8")


def test_the_makefile_explains_itself() -> None:
    told = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for target in ("make run", "make test", "make check", "make lock"):
        assert target in told
