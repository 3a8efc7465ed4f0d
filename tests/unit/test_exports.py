"""No export runs a formula in the spreadsheet that opens it; a new export fails here until somebody has looked at it.

Exports are found by themselves: routes by what the OpenAPI document says they answer, files made in the browser by
what hands them over. Tables are made by one function, `csv` in pwa/src/app/office/lib/table.ts, which
pwa/tests/app/office/table.test.ts tries with hostile texts and tests/e2e/test_script_payloads.py in a real browser.
"""

import csv
import re
from pathlib import Path

import pytest

from plumbline.app import make_app
from plumbline.db import make_engine
from plumbline.projects import importing
from plumbline.settings import ROOT, load
from tests.support.estate import operations
from tests.support.formulas import formulas_in

SCREENS = ROOT / "pwa" / "src"
# Answers that people save as files → why no spreadsheet runs what is in them.
FILES = {
    "GET /api/originals/{project_id}/{sha256}": "byte for byte what was sent in, never made by us",
    "GET /api/projects/{project_id}/files/{sha256}": "the same",
    "GET /api/projects/{project_id}/files/{sha256}/preview": "a picture",
    "POST /api/projects/{project_id}/labels": "PDF or printer commands: text is drawn",
    "GET /api/projects/{project_id}/labels/{kind}/{file_name}": "a picture",
    "GET /api/projects/{project_id}/recalls/{recall_id}/report": "PDF: text is drawn",
    "GET /api/projects/{project_id}/snapshot": "compressed lines of JSON for phones",
    "GET /api/projects/{project_id}/tasks/import-template.csv": "a table with nothing of people in it: tried below",
    "GET /api/projects/{project_id}/trace/stream": "lines of JSON for screens",
}
# Parts of the front end that hand a file over → what it is.
SAVED = {
    "app/crew/ExportNow.svelte": "an archive of signed records and photos",
    "app/crew/LabelDialog.svelte": "a label, as a picture",
    "app/crew/Outbox.svelte": "the same",
    "app/link/Shot.svelte": "an original",
    "app/office/labels/PrintDialog.svelte": "labels, from the server",
    "app/office/parts/DataTable.svelte": "a table, made by csv()",
    "app/office/parts/Photos.svelte": "an original",
    "app/office/pictures/ExportMenu.svelte": "a picture",
    "app/office/tasks/Import.svelte": "the empty table, from the server",
    "shared/kit/PhotoStrip.svelte": "an original",
    "app/recall/RecallRoom.svelte": "a report, from the server",
}


def test_every_route_that_answers_a_file_says_why_it_holds_no_formula(tmp_path: Path) -> None:
    settings = load(data_dir=tmp_path, database_url="")
    engine = make_engine(settings)
    app = make_app(settings, engine)
    engine.dispose()

    files = {
        f"{verb} {path}"
        for verb, path, described in operations(app)
        for status, answer in described["responses"].items()
        if status.startswith("2") and set(answer.get("content", {})) - {"application/json"}
    }

    assert files == set(FILES)


def sources(pattern: str) -> set[str]:
    """The front end's files in which a pattern is found."""
    files = [f for f in SCREENS.rglob("*") if f.suffix in (".ts", ".svelte") and f.name != "api.gen.ts"]
    return {str(f.relative_to(SCREENS)) for f in files if re.search(pattern, f.read_text("utf-8"))}


def test_every_file_made_in_the_browser_is_known() -> None:
    saving = sources(r"\bsaveAs\(|\.download\s*=|<a[^>]*\sdownload\b|showSaveFilePicker")

    assert saving - {"app/office/lib/save.ts"} == set(SAVED)


def test_tables_are_made_in_one_place() -> None:
    makers = sources(r"\bcsv(Field)?\(|text/csv;")

    assert makers == {"app/office/lib/table.ts", "app/office/parts/DataTable.svelte"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_empty_table_of_an_import_holds_no_formula(lang: str, tmp_path: Path) -> None:
    file = tmp_path / "tasks.csv"
    file.write_bytes(importing.template(lang))

    assert formulas_in(file) == []


@pytest.mark.parametrize("cell", ["=1+1", "\t=1", "x;=1", " @A1", "＝1", "-1+cmd"])
def test_a_formula_in_a_table_is_found(cell: str, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as out:
        csv.writer(out).writerow(["a", cell])

    assert formulas_in(file)
