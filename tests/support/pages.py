"""The commands that stand on a page of the documentation, as a person would copy them."""

import re

NO_COMMAND = ("--", "GET ", "POST ")  # An option that a sentence speaks of; a request.


def blocks(page: str) -> list[str]:
    """The lines of the page's code blocks, comments taken off."""
    found = re.findall(r"^```\w*\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = [line.split("  #")[0].strip() for block in found for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def commands(page: str) -> list[str]:
    """Every command once, in the order of the page: lines of blocks, and in sentences what has more than one word."""
    prose = re.sub(r"^```\w*\n.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]
    inline = [span for span in spans if " " in span and not span.startswith(NO_COMMAND)]
    return list(dict.fromkeys([*blocks(page), *inline]))
