"""What was read off a thing, in its normal form: by that it is found again, whoever reads it with whatever reader.

Pure. The PWA has a twin (pwa/src/marks); tests/unit/vectors/marks.json holds both to the same answers.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal, get_args

from plumbline.marks.epc import check_digit, elements_of_epc

# How it was read. `code128`, `datamatrix`, `qr`, `barcode`: by a camera that saw no GS1 sign in it; `gs1`: with one.
MarkKind = Literal["code128", "datamatrix", "qr", "barcode", "gs1", "digital_link", "rfid", "nfc", "typed"]
KINDS: tuple[str, ...] = get_args(MarkKind)

GS = "\x1d"
LONGEST = 200
# What makes a thing recognisable, most telling first (GS1 General Specifications, section 4.13): key, qualifiers.
_IDENTITIES = (
    ("00",), ("01", "22", "10", "21"), ("8006", "22", "10", "21"), ("8003",), ("8004",), ("8010", "8011"), ("8013",),
    ("253",), ("401",), ("402",), ("414", "254"),
)  # fmt: skip
_ONE_THING = frozenset({"00", "21", "8003", "8004", "8011"})
# Readers that cannot type the separator are set to write it in one of these ways.
_SEPARATORS = re.compile(r"<GS>|\{GS\}|\\x1d|\\u001d|\u241d|\^\]", re.IGNORECASE)
_AIM = re.compile(r"\](?P<gs1>C1|d2|Q3|e0|J1)|\][A-Za-z][0-9]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HUMAN = re.compile(r"\(\d{2,4}\)")


@dataclass(frozen=True)
class Reading:
    """`value` is the normal form. `is_single`: it stands on one thing only (serial number, tag).

    `elements` are GS1 application identifiers with their values, empty for plain text.
    """

    value: str
    is_single: bool = False
    elements: dict[str, str] = field(default_factory=dict)


def read(kind: str, text: str) -> Reading | None:
    """The normal form of what was read; None when nothing readable is left or a tag's number is none."""
    if kind == "nfc":
        return _tag(text, r"(?:[0-9A-F]{2}){4,10}")
    if kind == "rfid":
        return _rfid(text)
    aim = _AIM.match(text.strip())
    body = _SEPARATORS.sub(GS, text.strip()[aim.end() if aim else 0 :]).strip(GS + " \r\n\t")
    elements = _elements("gs1" if aim and aim["gs1"] else kind, body)
    if elements:
        return _identified(elements)
    if kind == "typed" and (tag := elements_of_epc(_hexadecimal(body)) or elements_of_epc(body)):
        return _identified(tag)
    plain = " ".join(_DASHES.sub("-", unicodedata.normalize("NFKC", _CONTROL.sub(" ", body))).split())
    is_address = "://" in plain or plain.lower().startswith("urn:")
    return Reading(plain if is_address else plain.upper()) if 0 < len(plain) <= LONGEST else None


def _elements(kind: str, text: str) -> dict[str, str] | None:
    """GS1 elements, where the text says or its reader saw that it holds some; None otherwise."""
    # At first use: its tables of prefixes take a fifteenth of the time that the server needs to start.
    from biip import ParseError
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI
    from biip.gs1_messages import GS1Message

    try:
        if re.match(r"https?://", text, re.IGNORECASE):
            found = GS1DigitalLinkURI.parse(text).element_strings
        elif _HUMAN.match(text):
            found = GS1Message.parse_hri(text).element_strings
        elif kind == "gs1" or (kind == "typed" and re.match(r"0[01]\d{14}", text)):
            found = GS1Message.parse(text).element_strings
        else:
            return None
    except (ParseError, ValueError):
        return None
    elements = {one.ai.ai: one.value for one in found}
    if "01" in elements:
        elements["01"] = elements["01"].zfill(14)
    return elements if elements and _checks(elements) else None


def _checks(elements: dict[str, str]) -> bool:
    """A number with a wrong check digit is no GTIN or SSCC but something that looks like one."""
    if not all(re.fullmatch(r"[\x20-\x7e]{1,90}", value) for value in elements.values()):
        return False
    lengths = {"01": 14, "00": 18}
    return all(
        re.fullmatch(rf"\d{{{lengths[ai]}}}", value) and value[-1] == check_digit(value[:-1])
        for ai, value in elements.items()
        if ai in lengths
    )


def _identified(elements: dict[str, str]) -> Reading:
    for keys in _IDENTITIES:
        if keys[0] in elements:
            present = [ai for ai in keys if ai in elements]
            break
    else:
        present = sorted(elements)
    value = "".join(f"({ai}){elements[ai]}" for ai in present)
    return Reading(value, not _ONE_THING.isdisjoint(present), elements)


def _rfid(text: str) -> Reading | None:
    stripped = text.strip()
    if elements := elements_of_epc(stripped) or elements_of_epc(_hexadecimal(stripped)):
        return _identified(elements)
    if re.fullmatch(r"urn:epc:[\x21-\x7e]{1,150}", stripped, re.IGNORECASE):
        return Reading("urn:epc:" + stripped[8:], is_single=True)
    return _tag(stripped, r"(?:[0-9A-F]{4}){2,32}")


def _tag(text: str, form: str) -> Reading | None:
    number = _hexadecimal(text)
    return Reading(number, is_single=True) if re.fullmatch(form, number) else None


def _hexadecimal(text: str) -> str:
    """Hexadecimal digits in capitals without the separators that readers put between them."""
    return re.sub(r"^0X|[\s:-]", "", text.strip().upper())
