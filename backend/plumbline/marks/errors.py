"""What marks and rolls refuse."""

from plumbline.problems import Problem


class MarkUnreadable(Problem):
    """Nothing readable is left of what was read, or a tag's number is none."""

    slug = "mark-unreadable"
    status = 422
    title = {"zh": "标识无法识别", "en": "Mark not readable"}
    detail = {
        "zh": "读到的内容不是可用的标识。请重新扫描或手动输入。",
        "en": "What was read is no usable mark. Scan again or type it.",
    }


class MarkTaken(Problem):
    """A serial number or tag stands on another thing already."""

    slug = "mark-taken"
    status = 409
    title = {"zh": "标识已被使用", "en": "Mark already used"}
    detail = {
        "zh": "序列号或电子标签“{value}”已在{what}上。请核对实物，或先解除原绑定。",
        "en": "The serial number or tag “{value}” is on {what} already. Look at the thing, or release it there first.",
    }


class MarkUnknown(Problem):
    """No such mark in this project, or it was released already."""

    slug = "mark-unknown"
    status = 409
    title = {"zh": "没有这个标识", "en": "No such mark"}
    detail = {
        "zh": "本项目中没有这个标识，或已被解除。请同步后重试。",
        "en": "This project has no such mark, or it was released. Sync and look again.",
    }


class ThingUnknown(Problem):
    """The lot, task, place or equipment that a label or mark is to stand on is not in this project."""

    slug = "thing-unknown"
    status = 409
    title = {"zh": "没有这个对象", "en": "Not found in this project"}
    detail = {
        "zh": "本项目中没有要贴标签的批次、任务、场所或设备。请同步后重新选择。",
        "en": "The lot, task, place or equipment for this label is not in this project. Sync and choose again.",
    }


class RollThere(Problem):
    """A roll with this id, or one with the same codes, is there already."""

    slug = "roll-there"
    status = 409
    title = {"zh": "标签卷已存在", "en": "Roll already there"}
    detail = {
        "zh": "这卷标签已登记。请用新的一卷。",
        "en": "This roll of labels is registered already. Make a new one.",
    }


class RollUnknown(Problem):
    """No such roll, or the running numbers are not on it."""

    slug = "roll-unknown"
    status = 409
    title = {"zh": "没有这卷标签", "en": "No such roll of labels"}
    detail = {
        "zh": "本项目中没有这卷标签，或编号超出范围。请同步后重试。",
        "en": "This project has no such roll, or the numbers are not on it. Sync and try again.",
    }
