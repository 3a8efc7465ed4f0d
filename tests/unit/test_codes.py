"""Codes that people scan and type."""

import pytest

from plumbline.codes import ALPHABET, make_code, normalize


def test_a_code_has_26_characters_that_cannot_be_confused() -> None:
    code = make_code()

    assert len(code) == 26
    assert set(code) <= set(ALPHABET)
    assert not set("ilou") & set(ALPHABET)


def test_codes_differ() -> None:
    assert len({make_code() for _ in range(100)}) == 100


def test_a_code_typed_in_capitals_with_hyphens_and_misread_letters_is_the_same_code() -> None:
    assert normalize(" 01AB-ILO1 cdefghjkmnpqrstvwx\n") == "01ab1101cdefghjkmnpqrstvwx"


@pytest.mark.parametrize("text", ["", "abc", "u" * 26, "0" * 27, "http://elsewhere/q/" + "0" * 26, "０" * 26, "☃" * 26])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="26 characters"):
        normalize(text)
