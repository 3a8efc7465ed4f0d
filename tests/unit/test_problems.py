"""Every refusal: one slug each, a right status, and sentences for readers of both languages."""

import re
import string

import pytest

from plumbline.app import import_packages
from plumbline.problems import Problem, every_problem, language, render

import_packages()
ALL = every_problem()
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]")


def test_slugs_are_unique() -> None:
    slugs = [p.slug for p in ALL]
    assert len(slugs) == len(set(slugs))
    assert len(slugs) > 60


@pytest.mark.parametrize("problem", ALL, ids=lambda p: p.slug)
def test_a_refusal_is_described_for_readers(problem: type[Problem]) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", problem.slug)
    assert 400 <= problem.status <= 599
    assert problem.__doc__
    for lang in ("zh", "en"):
        assert problem.title[lang]
        # A sentence of somebody else's may stand at the end.
        assert problem.detail[lang].endswith(("。" if lang == "zh" else ".", "{why}"))
    assert not HALF_WIDTH.search(problem.title["zh"] + problem.detail["zh"])


@pytest.mark.parametrize("problem", ALL, ids=lambda p: p.slug)
def test_both_languages_say_the_same_facts(problem: type[Problem]) -> None:
    facts = [
        {name for _, name, _, _ in string.Formatter().parse(problem.detail[lang]) if name} for lang in ("zh", "en")
    ]
    assert facts[0] == facts[1]


def test_a_refusal_of_a_later_version_keeps_its_facts() -> None:
    assert render({"slug": "never-heard-of", "lot": "x"}, "zh")["lot"] == "x"


def test_members_that_have_a_meaning_cannot_be_overwritten() -> None:
    with pytest.raises(ValueError, match="status"):
        ALL[0](status=1)


@pytest.mark.parametrize(
    ("header", "expected"),
    [("zh-CN,zh;q=0.9", "zh"), ("en-GB", "en"), ("fr, zh;q=0.5", "zh"), (None, "en"), ("*", "en")],
)
def test_the_language_is_the_readers(header: str | None, expected: str) -> None:
    assert language(header) == expected
