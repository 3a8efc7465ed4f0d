"""What a photo costs: processor time of the API on its way to an S3 store, and the job that makes its derivatives."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from plumbline.evidence import checking, pictures
from plumbline.settings import ROOT, Settings
from plumbline.storage.interface import Store, checking_key, evidence_key, incoming_key
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
    """Photos of some kilobytes. What the figure leaves out, reading back and hashing, is measured beside it."""
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

    store = open_store(settings)
    each = {"intent and address": (intended - before) / PHOTOS * 1000, "complete": (done - intended) / PHOTOS * 1000}
    verifying = verify_ms(store, cast.project_id, bodies)
    whole = sum(each.values()) - verifying
    requests = requests_ms(store)
    named = "the requests to the store that are left, by its library alone"
    aim = "≤ 5 ms without the verifying hash"
    figure("API CPU per photo, S3 path, intents batched", whole, "ms", requests, named, aim)
    figure("beside these: reading back and hashing", verifying, "ms")
    figure("of these: intent and address", each["intent and address"], "ms", presign_ms(store), "presigning alone")
    figure("of these: complete", each["complete"] - verifying, "ms", requests, named)


def cpu_ms(do: Callable[[], object], rounds: int = 100) -> float:
    """Processor time of one round in this process."""
    do()
    before = time.process_time()
    for _ in range(rounds):
        do()
    return (time.process_time() - before) / rounds * 1000


def verify_ms(store: Store, project_id: UUID, bodies: list[bytes]) -> float:
    """Reading one photo back from the store and hashing it."""
    key = evidence_key(project_id, sha256_of(bodies[0]))
    return cpu_ms(lambda: hashlib.sha256(b"".join(store.read(key))).digest())


def requests_ms(store: Store) -> float:
    """What completing asks of the store besides: the bytes moved out of everybody's reach, and under their own key."""
    upload, project = uuid4(), uuid4()
    incoming, checking, final = incoming_key(upload), checking_key(upload), evidence_key(project, "0" * 64)

    def put() -> None:
        store.put(incoming, [b"12345"])

    def moved() -> None:
        put()
        store.move(incoming, checking, 5)
        store.move(checking, final, 5)

    return cpu_ms(moved) - cpu_ms(put)


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


def presign_ms(store: Store) -> float:
    return cpu_ms(lambda: store.presign_put(uuid4(), 1000, "image/jpeg", 60))


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
