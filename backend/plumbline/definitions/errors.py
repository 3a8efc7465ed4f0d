"""What definitions refuse."""

from plumbline.problems import Problem


class DefinitionNotFound(Problem):
    """No such definition, or not in that version."""

    slug = "definition-not-found"
    status = 404
    title = {"zh": "没有这个定义", "en": "No such definition"}
    detail = {
        "zh": "没有找到 {kind} {key}(版本 {version})。请核对名称，或更新应用。",
        "en": "There is no {kind} {key} in version {version}. Check the name, or update the app.",
    }
