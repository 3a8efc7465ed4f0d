"""The preview of a task import over HTTP."""

from tests.support.cast import Cast


def test_the_template_comes_in_the_reader_s_language(cast: Cast) -> None:
    path = cast.project_manager.at("/tasks/import-template.csv")
    cast.project_manager.language = "zh-CN"
    assert "上级编码" in cast.project_manager.get(path).content.decode("utf-8-sig")
    cast.project_manager.language = "en"
    assert "parent_code" in cast.project_manager.get(path).content.decode("utf-8-sig")
    assert cast.stranger.get(path).status_code == 404


def test_a_preview_names_every_bad_row_and_stores_nothing(cast: Cast) -> None:
    content = b"code,parent_code,name,level\nN1,,North tower,unit\nN2,N9,,wall\n"
    answer = cast.project_manager.post(
        cast.project_manager.at("/tasks/import/preview"), files={"file": ("tasks.csv", content, "text/csv")}
    )
    assert answer.status_code == 200, answer.text
    preview = answer.json()
    assert [(b["line"], b["field"], b["value"]) for b in preview["bad"]] == [
        (3, "name", ""),
        (3, "level", "wall"),
        (3, "parent_code", "N9"),
    ]
    assert [row["code"] for row in preview["rows"]] == ["N1"]
    assert not [c for c in cast.project_manager.feed()["changes"] if c["row"] and c["row"].get("code") == "N1"]


def test_a_form_without_the_file_is_refused(cast: Cast) -> None:
    path = cast.project_manager.at("/tasks/import/preview")
    nameless = {"": (None, b"106"), "file": (None, b"no file")}
    for files in ({"other": ("tasks.csv", b"code,name\n", "text/csv")}, nameless):
        answer = cast.project_manager.post(path, files=files)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed"), answer.text
