"""The operations page and the set-up files say what the code does."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from plumbline.cli import _parser, settings_table
from plumbline.settings import ROOT, SECRETS, Settings
from tests.support.pages import blocks

PAGE = (ROOT / "infra" / "README.md").read_text("utf-8")
UNITS = sorted((ROOT / "infra").glob("plumbline*.[st]*"))
SET_UP = [*(ROOT / "infra" / name for name in ("compose.yaml", "Dockerfile", "README.md")), *UNITS]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "compose.yaml").read_text("utf-8"))
OURS = ("api", "worker", "migrate")


def test_the_operations_page_has_every_setting_as_the_code_has_it() -> None:
    assert settings_table() in PAGE, "run `plumbline settings` and put its table into infra/README.md"


def test_every_secret_can_come_from_a_file_and_the_page_says_so() -> None:
    for name in SECRETS:
        assert f"PLUMBLINE_{name.upper()}_FILE" in PAGE


@pytest.mark.parametrize("path", SET_UP, ids=lambda path: path.name)
def test_set_up_files_name_only_settings_that_exist(path: Path) -> None:
    known = {f"PLUMBLINE_{name.upper()}" for name in Settings.model_fields}
    known |= {f"PLUMBLINE_{name.upper()}_FILE" for name in SECRETS} | {"PLUMBLINE_SETTINGS_FILE", "PLUMBLINE_HOST"}
    known |= {"PLUMBLINE_PG_BIN"}  # Of the command `backup` alone, which reads no settings for it.

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


# --- The compose file ----------------------------------------------------------------------------


def test_each_variable_of_the_compose_file_is_a_setting_or_stands_in_the_example() -> None:
    example = dict(
        line.split("=", 1)
        for line in (ROOT / "infra" / "example.env").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    )
    asked_for = set(re.findall(r"\$\{(\w+)", (ROOT / "infra" / "compose.yaml").read_text("utf-8")))

    assert asked_for == set(example), "what the compose file asks for, and nothing else, is to be filled in"


def test_the_settings_of_the_compose_file_are_ones_that_the_server_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OURS:
        given = COMPOSE["services"][name]["environment"]
        filled = {k: re.sub(r"\$\{\w+(:\?)?\}", "0123456789abcdef" * 4, v) for k, v in given.items()}
        for variable, value in filled.items():
            monkeypatch.setenv(variable, value)
        chosen = Settings()
        assert chosen.jobs == "worker"
        assert chosen.proxies == 1, "Caddy stands in front"


def test_the_proxy_that_is_believed_is_the_one_in_the_network() -> None:
    (pool,) = COMPOSE["networks"]["default"]["ipam"]["config"]
    assert COMPOSE["services"]["api"]["environment"]["PLUMBLINE_PROXY_NETWORKS"] == pool["subnet"]
    assert "ports" not in COMPOSE["services"]["api"], "or people would come around the proxy"


def test_images_of_others_are_pinned_and_ours_is_built_from_a_file_that_is_there() -> None:
    for name, service in COMPOSE["services"].items():
        if name in OURS:
            build = service["build"]
            assert ((ROOT / "infra" / build["context"]).resolve() / build["dockerfile"]).is_file()
        else:
            assert re.search(r":\d[\w.-]*$|@sha256:", service["image"]), f"{service['image']} may change by itself"


def test_our_containers_write_nowhere_but_where_they_must_and_can_do_nothing_else() -> None:
    for name in OURS:
        service = COMPOSE["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["tmpfs"] == ["/tmp"]
        assert "user" not in service, "the image has its own, and it is not root"


def test_what_the_compose_file_mounts_and_starts_is_there() -> None:
    for name, service in COMPOSE["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            is_there = (ROOT / "infra" / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]
            assert is_there, f"{name} mounts {source}"
        if name in OURS:
            _parser().parse_args(service["command"])
        for other in service.get("depends_on", []):
            assert other in COMPOSE["services"]


# --- The image -----------------------------------------------------------------------------------


def steps(instruction: str) -> list[str]:
    """The Dockerfile's steps of one kind, continuation lines joined."""
    joined = re.sub(r"\\\n\s*", " ", (ROOT / "infra" / "Dockerfile").read_text("utf-8"))
    return re.findall(rf"^{instruction} (.*)$", joined, re.MULTILINE)


def test_the_image_copies_what_is_there_and_what_the_ignore_file_lets_through() -> None:
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for step in steps("COPY"):
        if step.startswith("--from"):
            continue
        for source in step.split()[:-1]:
            assert (ROOT / source).exists()
            assert source in let_through


def test_the_image_runs_as_nobody_in_particular_and_installs_locked_packages_alone() -> None:
    assert steps("USER") == ["plumbline"]
    assert all("--require-hashes" in step for step in steps("RUN") if "pip install" in step)
    assert all(re.search(r":\d", step) for step in steps("FROM"))
    assert (ROOT / "pwa" / "package.json").is_file()
    _parser().parse_args([word.strip(' "') for word in steps("CMD")[-1].strip("[]").split(",")])


def test_backups_in_the_image_are_made_by_tools_as_new_as_the_database() -> None:
    assert any("postgresql-client" in step for step in steps("RUN"))
    # Debian 13 has PostgreSQL 17, and pg_dump refuses a server that is newer than itself.
    assert all("trixie" in step for step in steps("FROM"))
    assert COMPOSE["services"]["postgres"]["image"] == "postgres:17"


# --- The units -----------------------------------------------------------------------------------


def unit(path: Path) -> configparser.RawConfigParser:
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(path, "utf-8")
    return read


@pytest.mark.parametrize("path", [p for p in UNITS if p.suffix == ".service"], ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_there_is_without_rights_it_does_not_need(path: Path) -> None:
    service = unit(path)["Service"]
    program, *arguments = shlex.split(service["ExecStart"])

    assert program == "/opt/plumbline/.venv/bin/python"
    assert arguments[:2] == ["-m", "plumbline"]
    _parser().parse_args(arguments[2:])
    assert service["User"] == "plumbline"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert "/var/lib/plumbline" in service["ReadWritePaths"].split()


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here")
    for path in UNITS:
        text = path.read_text("utf-8").replace("/opt/plumbline/.venv/bin/python", "/bin/true")
        (tmp_path / path.name).write_text(text.replace("User=plumbline", "User=daemon"), "utf-8")
    units = [str(tmp_path / path.name) for path in UNITS]
    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stderr
    assert str(tmp_path) not in said.stderr, said.stderr


# --- The page ------------------------------------------------------------------------------------


def test_every_command_of_ours_on_the_page_is_one_that_the_program_takes() -> None:
    found = [c for c in blocks(PAGE) if re.match(r"(\S*/)?plumbline ", c)]
    found += re.findall(r"`(plumbline [a-z][^`…]*)`", PAGE)

    assert len(found) >= 10
    for command in found:
        words = shlex.split(command.split("||")[0].split("|")[-1].strip())
        if words[1:] and not words[-1].endswith("…"):
            _parser().parse_args(words[1:])


def test_every_make_target_on_the_page_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {word for line in re.findall(r"\bmake ((?:[a-z-]+ ?)+)", "\n".join(blocks(PAGE))) for word in line.split()}

    assert named - targets == set()


def test_every_file_that_the_page_names_is_there() -> None:
    for name in set(re.findall(r"infra/[\w.*-]+", PAGE)):
        assert list(ROOT.glob(name)) or name == "infra/.env", name


def test_every_figure_that_the_page_names_is_one_that_is_counted() -> None:
    sources = "".join(p.read_text("utf-8") for p in (ROOT / "backend" / "plumbline" / "metrics").glob("*.py"))
    for name in set(re.findall(r"`(plumbline_[a-z_]+)", PAGE)):
        assert re.sub(r"_(total|count|bucket|sum)$", "", name) in sources, name


def test_ci_fails_without_a_browser_and_never_skips() -> None:
    """The browser of a machine without any is a program that is not there; the end-to-end tests then fail in words."""
    env = {**os.environ, "PATH": "/nowhere", "PLAYWRIGHT_BROWSERS_PATH": "/nowhere", "PLUMBLINE_BROWSER": ""}
    python = ROOT / ".venv" / "bin" / "python"
    asked = [str(python if python.exists() else shutil.which("python3")), "-m", "tests.support.browser"]
    said = subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    assert said.returncode == 1
    assert "End-to-end tests need Chromium" in said.stderr


def test_ci_says_at_its_end_when_no_phone_on_another_machine_was_tried() -> None:
    asked = [sys.executable, "-m", "tests.support.namespaces"]
    said = subprocess.run(asked, cwd=ROOT, env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "tests/e2e/test_other_machine.py" in said.stdout

    run = (ROOT / ".ci" / "run").read_text("utf-8")
    start, end = run.index("summary() {"), run.index("trap summary EXIT")
    told = subprocess.run(["bash", "-c", f"times=() ALL_MINUTES=1 untried='{said.stdout}'; {run[start:end]} summary"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert "NOT TRIED HERE\nNo phone on another machine" in told.stdout
