"""The command line: it does what it says, and refuses in sentences."""

import io
import json
import socket
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from plumbline.cli import main
from plumbline.serve.banner import banner, sign_ins, terminal_code
from plumbline.serve.launch import PortTaken, claim_port


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(tmp_path))
    return tmp_path


def test_migrate_makes_the_tables_once(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0

    engine = create_engine(f"sqlite:///{home / 'plumbline.db'}")
    assert {"act", "project", "lot", "workflow_status"} <= set(inspect(engine).get_table_names())
    engine.dispose()
    assert "already" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_on_a_database_without_tables(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command]) == 2
    assert "plumbline migrate" in capsys.readouterr().err


def test_the_first_administrator_can_be_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough one\n"))

    assert main(["admin", "create", "--login", "zhang", "--name", "张敏"]) == 0
    assert "zhang can sign in" in capsys.readouterr().out


def test_a_weak_password_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))

    assert main(["admin", "create", "--login", "zhang", "--name", "张敏"]) == 2
    assert "10" in capsys.readouterr().err


def test_the_api_description_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        main(["openapi", str(tmp_path / name)])

    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert "/api/acts" in json.loads((tmp_path / "a.json").read_text("utf-8"))["paths"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["serve", "--tls", "--workers", "2"], "one process"),
        (["serve", "--workers", "2"], "PLUMBLINE_JOBS=worker"),
    ],
)
def test_what_cannot_work_is_refused_before_it_starts(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert sentence in capsys.readouterr().err


def test_a_bad_setting_stops_the_start_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLUMBLINE_MAX_FILE_MB", "many")

    with pytest.raises(SystemExit):
        main(["migrate"])
    assert "max_file_mb" in capsys.readouterr().err


def test_a_taken_port_is_said_and_not_shared() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()

        with pytest.raises(PortTaken, match=str(other.getsockname()[1])):
            claim_port("127.0.0.1", other.getsockname()[1])


def test_rebuild_changes_nothing_unless_told_to(capsys: pytest.CaptureFixture[str]) -> None:
    main(["migrate"])

    assert main(["rebuild"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert main(["rebuild", "--check"]) == 0
    assert "0 differences" in capsys.readouterr().out


def test_the_screen_says_where_to_go() -> None:
    text = banner(
        local="http://localhost:8000",
        network="https://192.168.1.20:8443",
        trust_page="http://192.168.1.20:8000/ca",
        fingerprint="AA:BB",
        log_file=Path("var/plumbline.log"),
        warning="",
    )

    for part in ("http://localhost:8000", "https://192.168.1.20:8443", "http://192.168.1.20:8000/ca", "AA:BB"):
        assert part in text


def test_the_terminal_code_has_its_quiet_zone() -> None:
    lines = terminal_code("https://192.168.1.20:8443", is_colour=False).splitlines()

    assert len({len(line) for line in lines}) == 1
    assert not lines[0].strip(" ")
    assert all(line.startswith("    ") and line.endswith("  ") for line in lines)


def test_sign_ins_are_a_table_and_nobody_makes_none() -> None:
    assert sign_ins([]) == ""
    assert "wang" in sign_ins([{"login": "wang", "password": "x-y-z", "display_name": "王", "role": "crew"}])
