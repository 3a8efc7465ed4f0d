"""The phone's own engine, run in vitest against a running house: what a test asks of it travels in the environment."""

import os
import subprocess
import sys
from pathlib import Path

from plumbline.settings import ROOT
from tests.support.cast import PASSWORD

NODE = Path(sys.executable).with_name("node")
Phone = subprocess.Popen[str]


def begin(test: str, url: str, **asked: object) -> Phone:
    """Start tests/live/<test>.test.ts as one phone that talks to `url`."""
    env = {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}", "PHONE_URL": url}
    env |= {"PHONE_PASSWORD": PASSWORD, **{f"PHONE_{name}": str(value) for name, value in asked.items()}}
    command = [str(ROOT / "pwa" / "node_modules" / ".bin" / "vitest"), "run", f"tests/live/{test}.test.ts"]
    return subprocess.Popen(
        command, cwd=ROOT / "pwa", env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(phone: Phone, timeout_s: float = 600) -> str:
    """What the phone printed. Fails when it did not do what was asked of it."""
    try:
        out, err = phone.communicate(timeout=timeout_s)
    finally:
        phone.kill()
    assert phone.returncode == 0, out[-5000:] + err[-3000:]
    return out


def run(test: str, url: str, timeout_s: float = 600, **asked: object) -> str:
    """One phone from beginning to end."""
    return finish(begin(test, url, **asked), timeout_s)
