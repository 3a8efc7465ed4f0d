"""What a reader finds on printed labels: the large code is a link, the small one its last part in capitals."""

import zxingcpp
from PIL import Image


def codes_on(picture: Image.Image) -> dict[str, zxingcpp.Barcode]:
    """The labels in a picture, by their links. Each carries both codes once, and nothing else is read."""
    read = zxingcpp.read_barcodes(picture)
    links = {one.text: one for one in read if "/" in one.text}
    assert sorted(one.text for one in read) == sorted([*links, *(bare(link) for link in links)])
    return links


def bare(link: str) -> str:
    """What the small code of a label says."""
    return link.rsplit("/", 1)[1].upper()
