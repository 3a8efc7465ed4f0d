"""The committed API reference is what the code says."""

from pathlib import Path

import plumbline
from plumbline.acts.registry import ACTS
from plumbline.app import create_app
from plumbline.identity.roles import MAY
from plumbline.reference import page
from plumbline.settings import load

COMMITTED = Path(plumbline.__file__).parent / "API.md"


def test_the_committed_reference_is_up_to_date(tmp_path: Path) -> None:
    drawn = page(create_app(load(data_dir=tmp_path, database_url="", jobs="off")))
    assert COMMITTED.read_text("utf-8") == drawn, "run: plumbline reference backend/plumbline/API.md"


def test_every_act_says_who_may_do_it(tmp_path: Path) -> None:
    create_app(load(data_dir=tmp_path, database_url="", jobs="off"))
    assert set(ACTS) == set(MAY)
