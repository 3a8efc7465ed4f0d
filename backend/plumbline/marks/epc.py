"""Electronic Product Codes as GS1 element strings: what an RFID reader types, as on the bar code beside it.

GS1 EPC Tag Data Standard 1.13, 6.3 and 14.5: pure identity URIs and the 96-bit encodings of SGTIN and SSCC. Other
schemes keep their own form.
"""

import re

# Partition value -> digits of the company prefix, its bits (table 14-2); the rest of 44 (SGTIN) or 58 (SSCC) bits is
# the item or serial reference, which together with the prefix has 13 or 17 digits.
_PARTITIONS = {0: (12, 40), 1: (11, 37), 2: (10, 34), 3: (9, 30), 4: (8, 27), 5: (7, 24), 6: (6, 20)}
_SGTIN_96, _SSCC_96 = 0x30, 0x31
_URI = re.compile(r"urn:epc:id:(sgtin|sscc):(\d{6,12})\.(\d{1,11})(?:\.(.{1,20}))?", re.IGNORECASE)


def check_digit(digits: str) -> str:
    """The check digit that follows these digits (GS1 General Specifications 7.9.1)."""
    total = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(reversed(digits)))
    return str(-total % 10)


def elements_of_epc(text: str) -> dict[str, str] | None:
    """GS1 application identifiers and values of a tag's number, hexadecimal or as URI; None for other schemes."""
    if found := _URI.fullmatch(text):
        scheme, prefix, reference, serial = found.groups()
        return _elements(scheme.lower(), prefix, reference, serial)
    return _of_bits(text) if re.fullmatch(r"[0-9A-F]{24}", text) else None


def _of_bits(hexadecimal: str) -> dict[str, str] | None:
    bits = int(hexadecimal, 16)
    header, partition = bits >> 88, bits >> 82 & 7
    if header not in (_SGTIN_96, _SSCC_96) or partition not in _PARTITIONS:
        return None
    digits, prefix_bits = _PARTITIONS[partition]
    total_bits, total_digits = (44, 13) if header == _SGTIN_96 else (58, 17)
    both = bits >> (82 - total_bits) & (1 << total_bits) - 1
    prefix, reference = both >> (total_bits - prefix_bits), both & (1 << (total_bits - prefix_bits)) - 1
    written = f"{prefix:0{digits}d}", f"{reference:0{total_digits - digits}d}"
    if header == _SGTIN_96:
        return _elements("sgtin", *written, str(bits & (1 << 38) - 1))
    return _elements("sscc", *written, None)


def _elements(scheme: str, prefix: str, reference: str, serial: str | None) -> dict[str, str] | None:
    """The first digit of the reference is the indicator or extension digit, which stands before the prefix."""
    body = reference[0] + prefix + reference[1:]
    if scheme == "sgtin":
        return {"01": body + check_digit(body), "21": serial} if len(body) == 13 and serial else None
    return {"00": body + check_digit(body)} if len(body) == 17 and not serial else None
