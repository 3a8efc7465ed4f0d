"""The shipped definitions and the document that phones keep of them."""

import gzip
import json

from plumbline.definitions import catalogue
from plumbline.definitions.slim import conditions_of, document, slim


def test_every_shipped_definition_is_version_one_with_its_hash() -> None:
    assert len(catalogue.materials()) == 48
    assert len(catalogue.plans()) == 16
    for definition in catalogue.shipped().values():
        assert definition.version == 1
        assert definition.content_sha256 == catalogue.content_sha256(definition.body)
        assert len(definition.content_sha256) == 64


def test_a_step_kind_is_found_by_its_name() -> None:
    pouring = catalogue.step_kind("concrete_pour.pouring")
    assert pouring is not None
    assert (pouring.kind, pouring.plan.key, pouring.body["point"]) == ("concrete_pour.pouring", "concrete_pour", "P")


def test_names_that_mean_no_step_are_none() -> None:
    for name in ("", "concrete_pour", "concrete_pour.", "concrete_pour.nope", "nope.pouring", "a.b.c"):
        assert catalogue.step_kind(name) is None


def test_every_addition_concerns_a_field_or_material_that_exists() -> None:
    fields = {f"{kind.kind}.{field['id']}" for kind in catalogue.step_kinds() for field in kind.body["fields"]}
    additions = catalogue.data("additions.json")
    assert set(additions["fields"]) <= fields
    assert set(additions["units"]) == {d.key for d in catalogue.materials()}
    assert {unit for units in additions["units"].values() for unit in units} == set(additions["unit_names"])


def test_additions_are_part_of_the_plan() -> None:
    check = catalogue.step_kind("concrete_pour.delivery_check")
    assert check is not None
    slump = next(field for field in check.body["fields"] if field["id"] == "slump")
    assert slump["design_key"] == "slump_specified_mm"


def test_the_document_is_small_and_its_tag_names_its_bytes() -> None:
    sent = document()
    assert len(sent.gzipped) < 150 * 1024
    assert gzip.decompress(sent.gzipped) == sent.plain
    assert json.loads(sent.plain) == slim()
    assert document() is sent


def test_the_document_has_what_forms_and_scans_need() -> None:
    doc = json.loads(document().plain)
    bar = next(m for m in doc["materials"] if m["id"] == "rebar_ribbed_cn")
    assert bar["units"][0] == "t"
    assert bar["certificate"]["required_kind"] == "quality_certificate"
    assert bar["proof"]["before_use"][0]["kind"] == "certificate"
    assert "properties" not in bar
    pour = next(p for p in doc["plans"] if p["id"] == "concrete_pour")
    pouring = next(s for s in pour["steps"] if s["id"] == "pouring")
    assert [e["id"] for e in pouring["evidence"]] == ["e1", "e2", "e3"]
    assert pouring["conditions"] == ["aggregate_max_mm", "member_type", "poker_length_mm", "vibrator"]
    assert doc["roles"]["project_manager"]["en"] == "project manager"
    assert doc["glossary"][0]["words"]


def test_every_condition_of_a_plan_is_described_in_the_document() -> None:
    doc = slim()
    for plan in doc["plans"]:
        for step in plan["steps"]:
            assert conditions_of(step) <= set(doc["condition_keys"])


def test_everything_that_a_person_reads_has_both_languages() -> None:
    def check(node: object, path: str) -> None:
        if isinstance(node, dict):
            if set(node) & {"zh", "en"}:
                assert node.get("zh"), path
                assert node.get("en"), path
            for key, value in node.items():
                check(value, f"{path}.{key}")
        elif isinstance(node, list):
            for index, value in enumerate(node):
                check(value, f"{path}[{index}]")

    check({k: v for k, v in slim().items() if k != "materials"}, "")
    for material in slim()["materials"]:
        check({k: v for k, v in material.items() if k != "aliases"}, material["id"])
