"""The scanner before soiled labels of our own and, where they are at hand, photographs. 500 labels: make bench."""

import sys
from collections.abc import Iterator

import pytest

from tests.e2e.browsers import Browsers
from tests.support.scanning import Scanner, photographs, scanner
from tests.support.soiled import soiled_label

LABELS = 12


@pytest.fixture(scope="module")
def reader(browsers: Browsers, front_end: None) -> Iterator[Scanner]:
    """The product's scanner on a page of its own."""
    with scanner(browsers.chromium) as opened:
        yield opened


def test_soiled_labels_are_read_and_nothing_else(reader: Scanner, capsys: pytest.CaptureFixture[str]) -> None:
    labels = [soiled_label(seed) for seed in range(LABELS)]
    read = [label.says(reader.live(label.jpeg).texts) for label in labels]

    with capsys.disabled():
        sys.stdout.write(f"\n  soiled labels read: {sum(read)} of {LABELS}\n")
    assert sum(read) >= 0.98 * LABELS, [seed for seed, was in enumerate(read) if not was]
    assert reader.reported() - {text for label in labels for text in label.texts} == set()


@pytest.mark.skipif(not photographs(), reason="no photographs lie beside the repository")
def test_photographs_of_codes_are_read(reader: Scanner) -> None:
    wrong = [name for name, picture, text in photographs() if reader.still(picture).texts != [text]]

    assert wrong == []
