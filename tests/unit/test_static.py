"""The built front end as files: which bytes, which headers, what never leaves the folder."""

import gzip
import os
from pathlib import Path

import brotli
import pytest

from plumbline.serve.compress import compress
from plumbline.serve.static import BuiltPwa, accepted_encodings

SCRIPT = b"export const words = '" + b"rebar concrete " * 200 + b"';\n"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>Plumbline</title>")
    (root / "sw.js").write_text("self.skipWaiting;")
    (root / "manifest.webmanifest").write_text("{}")
    (root / "assets" / "app-1a2b.js").write_bytes(SCRIPT)
    (root / "assets" / "reader.wasm").write_bytes(b"\0asm" * 400)
    (tmp_path / "secret.txt").write_text("not yours")
    compress(root)
    return root


def ask(dist: Path, path: str, accept: str = "", held: str = "") -> tuple[int, dict[str, str], bytes]:
    answer = BuiltPwa(dist).answer(path, accept, held)
    return answer.status, {k.decode(): v.decode() for k, v in answer.headers}, answer.body


def test_a_hashed_asset_is_kept_for_ever(dist: Path) -> None:
    status, headers, body = ask(dist, "/assets/app-1a2b.js")

    assert (status, body) == (200, SCRIPT)
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "coding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
    ],
)
def test_the_compressed_sibling_is_served_to_who_can_read_it(dist: Path, accept: str, coding: str, unpack) -> None:
    _, headers, body = ask(dist, "/assets/app-1a2b.js", accept)

    assert headers["content-encoding"] == coding
    assert headers["vary"] == "Accept-Encoding"
    assert int(headers["content-length"]) == len(body) < len(SCRIPT)
    assert unpack(body) == SCRIPT


def test_a_sibling_of_an_older_build_is_not_served(dist: Path) -> None:
    path = dist / "assets" / "app-1a2b.js"
    path.write_bytes(b"new")
    os.utime(path, (2e9, 2e9))

    _, headers, body = ask(dist, "/assets/app-1a2b.js", "br")

    assert body == b"new"
    assert "content-encoding" not in headers


@pytest.mark.parametrize("path", ["/", "/q/0123456789abcdefghjkmnpqrs", "/join/abc", "/tasks/A.8F.S3", "/lots"])
def test_every_page_gets_the_shell_and_asks_again_each_time(dist: Path, path: str) -> None:
    status, headers, body = ask(dist, path)

    assert status == 200
    assert b"<title>Plumbline</title>" in body
    assert headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "mime"),
    [("/sw.js", "text/javascript; charset=utf-8"), ("/manifest.webmanifest", "application/manifest+json")],
)
def test_service_worker_and_manifest_ask_again_each_time(dist: Path, path: str, mime: str) -> None:
    _, headers, _ = ask(dist, path)

    assert headers["cache-control"] == "no-cache"
    assert headers["content-type"] == mime


def test_web_assembly_has_the_type_that_streaming_needs(dist: Path) -> None:
    _, headers, _ = ask(dist, "/assets/reader.wasm", "br")

    assert headers["content-type"] == "application/wasm"


def test_an_unchanged_file_is_not_sent_again(dist: Path) -> None:
    _, headers, _ = ask(dist, "/", "br")

    status, again, body = ask(dist, "/", "br", held=headers["etag"])

    assert (status, body) == (304, b"")
    assert again["etag"] == headers["etag"]


@pytest.mark.parametrize("path", ["/assets/app-old.js", "/favicon.ico", "/robots.txt", "/x.js"])
def test_a_missing_file_is_missing_and_not_the_shell(dist: Path, path: str) -> None:
    status, _, body = ask(dist, path)

    assert status == 404
    assert b"html" not in body


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/assets/../../secret.txt", "//etc/passwd", "/..\\secret.txt", "/a\0b"]
)
def test_nothing_outside_the_folder_is_served(dist: Path, path: str) -> None:
    _, _, body = ask(dist, path)

    assert b"not yours" not in body
    assert b"root:" not in body


def test_a_symbolic_link_out_of_the_folder_is_not_followed(dist: Path) -> None:
    (dist / "leak.txt").symlink_to(dist.parent / "secret.txt")

    assert ask(dist, "/leak.txt")[0] == 404


def test_without_a_build_the_page_says_what_to_do(tmp_path: Path) -> None:
    status, _, body = ask(tmp_path / "nothing", "/")

    assert status == 503
    assert b"make pwa" in body


def test_encodings_are_read_with_their_weights() -> None:
    assert accepted_encodings("br;q=1.0, gzip;q=0.8, *;q=0.1") == {"br", "gzip", "*"}
    assert accepted_encodings("br; q=0.000") == set()
    assert accepted_encodings("") == set()
