"""How alike two company names are. Pure.

A project has tens to hundreds of suppliers, so the standard library's matcher (difflib, after Ratcliff and Obershelp)
is fast enough: 200 names against 300 suppliers take two or three seconds, and nobody asks often. RapidFuzz would be
faster and one wheel more; what decides here is what is left out before comparing, and a person confirms each proposal
anyway.
"""

import re
import unicodedata
from difflib import SequenceMatcher

# Legal forms, and words that nearly every company of the trade has: they make strangers look alike.
_FORMS_ZH = r"股份有限公司|有限责任公司|集团有限公司|有限公司|分公司|公司|集团|（集团）|\(集团\)"
_FORMS_EN = (
    r"\b(co|company|ltd|limited|inc|incorporated|corp|corporation|llc|plc|gmbh|ag|kg|sa|srl|spa|bv|nv|oy|ab|as|pty|pte|"
    r"group|holdings?)\b\.?"
)
_FORMS = re.compile(f"{_FORMS_ZH}|{_FORMS_EN}")
_NO_LETTER = re.compile(r"[\W_]+")
LEAST = 0.6


def folded(name: str) -> str:
    """A name without width, case, legal form, spaces and punctuation; empty when nothing else was there."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("&", " ")
    return _NO_LETTER.sub("", _FORMS.sub(" ", plain))


def likeness(one: str, other: str) -> float:
    """0 to 1 of two folded names. A name inside the other counts as nearly the same: 宝钢 and 上海宝钢."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # Two bounds from above first, by length and by letters: most pairs are strangers, and end here.
    if (bound := matcher.real_quick_ratio()) >= LEAST and (bound := matcher.quick_ratio()) >= LEAST:
        bound = matcher.ratio()
    ratio = bound
    short, long = sorted((one, other), key=len)
    return max(ratio, 0.8 + 0.15 * len(short) / len(long)) if len(short) >= 2 and short in long else ratio
