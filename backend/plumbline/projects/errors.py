"""What projects refuse."""

from plumbline.problems import Problem


class CodeTaken(Problem):
    """The QR code is bound to something else already."""

    slug = "code-taken"
    status = 409
    title = {"zh": "二维码已被使用", "en": "Label already used"}
    detail = {
        "zh": "这个标签已绑定到{what}。请换一张新标签。",
        "en": "This label is on {what} already. Take a new label.",
    }


class CodeUnknown(Problem):
    """No such code, or not in a project of the reader."""

    slug = "code-unknown"
    status = 404
    title = {"zh": "未知二维码", "en": "Unknown code"}
    detail = {
        "zh": "系统里没有这个二维码，或它不属于您的项目。请核对标签，或手动查找。",
        "en": "No such code in your projects. Check the label, or search by name.",
    }


class TaskUnknown(Problem):
    """No such task node in this project."""

    slug = "task-unknown"
    status = 409
    title = {"zh": "任务节点不存在", "en": "Task not found"}
    detail = {
        "zh": "本项目中没有这个任务节点。请同步后重新选择。",
        "en": "This project has no such task. Sync and choose again.",
    }


class TaskCodeTaken(Problem):
    """A task with this code is in the project already."""

    slug = "task-code-taken"
    status = 409
    title = {"zh": "任务编号重复", "en": "Task code already used"}
    detail = {
        "zh": "任务编号“{code}”已存在。请换一个编号。",
        "en": "The task code “{code}” is already there. Choose another.",
    }


class ProjectThere(Problem):
    """A project with this id or code exists."""

    slug = "project-exists"
    status = 409
    title = {"zh": "项目已存在", "en": "Project already there"}
    detail = {
        "zh": "项目代号“{code}”已存在。请换一个代号。",
        "en": "The project code “{code}” is taken. Choose another.",
    }


class PlanUnknown(Problem):
    """No such inspection plan."""

    slug = "plan-unknown"
    status = 409
    title = {"zh": "检验计划不存在", "en": "Inspection plan not found"}
    detail = {
        "zh": "没有名为“{plan}”的检验计划。请从列表中选择。",
        "en": "There is no inspection plan “{plan}”. Choose one from the list.",
    }


class ImportHasBadRows(Problem):
    """The file of an import has rows that are wrong; nothing was imported."""

    slug = "import-has-bad-rows"
    status = 422
    title = {"zh": "导入文件有错误行", "en": "Import has bad rows"}
    detail = {
        "zh": "文件中有 {bad_count} 行有误，未导入任何内容。请按预览改正后重新导入。",
        "en": "{bad_count} rows are wrong, so nothing was imported. Correct them as the preview says and import again.",
    }
