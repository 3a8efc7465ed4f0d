"""What a photo costs: processor time of the API on its way to an S3 store, and the job that makes its derivatives."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from plumbline.evidence import checking, pictures
from plumbline.settings import ROOT, Settings
from plumbline.storage.service import open_store
from tests.bench.conftest import Report
from tests.bench.test_start import free_port
from tests.support import photos
from tests.support.cast import Cast
from tests.support.evidence import sha256_of

PHOTOS = 100
BATCH = 50
ROUNDS = 5
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def cpu_s(process: int) -> float:
    """Processor time of a process and those of its children that still run, without the ones that open pictures."""
    spent = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            command = (stat.parent / "cmdline").read_text()
        except OSError:
            continue
        if (stat.parent.name == str(process) or fields[1] == str(process)) and "forking.py" not in command:
            spent += (int(fields[11]) + int(fields[12])) * TICK_S
    return spent


@pytest.fixture
def server(settings: Settings) -> Iterator[tuple[int, str]]:
    """(process, address) of the application as it is served, on the cast's own database and store."""
    if settings.store != "s3":
        pytest.skip("the folder store takes photos through the API; the figure is of the S3 path")
    port = free_port()
    named = {f"PLUMBLINE_{name.upper()}": str(value) for name, value in settings.model_dump().items() if value}
    process = subprocess.Popen(
        [sys.executable, "-m", "plumbline", "serve", "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, **named, "PYTHONPATH": str(ROOT / "backend")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            httpx.get(f"{url}/api/ready").raise_for_status()
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    yield process.pid, url
    process.terminate()
    process.wait()


def test_the_api_on_the_way_of_a_photo_to_an_s3_store(
    cast: Cast, settings: Settings, server: tuple[int, str], figure: Report
) -> None:
    """Photos of some kilobytes: reading back and hashing, which the figure leaves out, is next to nothing then."""
    process, url = server
    path = cast.foreman.at("/uploads")
    bodies = [photos.jpeg(160, 120) + os.urandom(8) for _ in range(PHOTOS)]
    with httpx.Client(base_url=url, headers=cast.foreman.headers, timeout=60) as phone:
        warm = bodies[0] + b"warm"
        (first,) = intents(phone, path, [warm])
        sent_and_complete(phone, path, [(first, warm)])

        before = cpu_s(process)
        asked = [one for at in range(0, PHOTOS, BATCH) for one in intents(phone, path, bodies[at : at + BATCH])]
        intended = cpu_s(process)
        sent_and_complete(phone, path, list(zip(asked, bodies, strict=True)))
        done = cpu_s(process)

    presigned = presign_ms(settings)
    aim = "≤ 5 ms without the verifying hash"
    figure("API CPU per photo, S3 path, intents batched", (done - before) / PHOTOS * 1000, "ms", aim=aim)
    figure("of these: intent and address", (intended - before) / PHOTOS * 1000, "ms", presigned, "presigning alone")
    figure("of these: complete, read back, verified", (done - intended) / PHOTOS * 1000, "ms")


def intents(phone: httpx.Client, path: str, some: list[bytes]) -> list[dict[str, str]]:
    files = [{"sha256": sha256_of(body), "bytes": len(body), "mime": "image/jpeg"} for body in some]
    answer = phone.post(path, json={"files": files})
    answer.raise_for_status()
    uploads: list[dict[str, str]] = answer.json()["uploads"]
    return uploads


def sent_and_complete(phone: httpx.Client, path: str, some: list[tuple[dict[str, str], bytes]]) -> None:
    for upload, body in some:
        httpx.put(upload["url"], content=body, headers={"Content-Type": "image/jpeg"}).raise_for_status()
        answer = phone.post(f"{path}/{upload['upload_id']}/complete")
        assert answer.status_code == 200, answer.text


def presign_ms(settings: Settings) -> float:
    store, rounds = open_store(settings), 200
    before = time.process_time()
    for _ in range(rounds):
        store.presign_put(uuid4(), 1000, "image/jpeg", 60)
    return (time.process_time() - before) / rounds * 1000


def test_the_job_of_a_photo_of_twelve_megapixels(tmp_path: Path, figure: Report) -> None:
    """Hash, EXIF, 1600 and 320 pixels by a warm worker, beside Pillow's own decode of the same file."""
    photo = tmp_path / "photo"
    twelve_megapixels().save(photo, "JPEG", quality=88, exif=exif())
    probed = pictures.probe(photo)  # The process that opens pictures is warm now.
    assert probed["decodable"] is True
    assert probed["claims"]["make"] == "Plumbline"

    decode_ms, job_ms, check_ms = [], [], []
    for _ in range(ROUNDS):
        decode_ms.append(timed_ms(lambda: decoded(photo)))
        check_ms.append(timed_ms(lambda: checked(photo)))
        job_ms.append(check_ms[-1] + timed_ms(lambda: derived(photo, tmp_path)))

    limit = min(decode_ms)
    figure("photo job, 12 megapixels", min(job_ms), "ms", limit, "Pillow's decode", aim="≤ 3 × decode")
    figure("of these: hash, EXIF, can it be decoded", min(check_ms), "ms", limit, "Pillow's decode")


def twelve_megapixels() -> Image.Image:
    """A picture with the detail of a photo: noise, made large and laid over itself."""
    noise = Image.effect_noise((1000, 750), 60).resize((4000, 3000), Image.Resampling.BICUBIC)
    fine = Image.effect_noise((4000, 3000), 12)
    return Image.merge("RGB", (noise, Image.blend(noise, fine, 0.3), fine))


def exif() -> bytes:
    found = Image.Exif()
    found[0x010F] = "Plumbline"
    return found.tobytes()


def timed_ms(do: object) -> float:
    assert callable(do)
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


def decoded(photo: Path) -> None:
    with Image.open(photo) as image:
        image.load()


def checked(photo: Path) -> None:
    content = photo.read_bytes()
    finding = checking.judge(sha256_of(content), len(content), "image/jpeg", content[:512], photo)
    assert finding.decodable


def derived(photo: Path, folder: Path) -> None:
    assert [made["size"] for made in pictures.derive(photo, folder)["made"]] == [1600, 320]
