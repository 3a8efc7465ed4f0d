"""What labels and exports refuse."""

from plumbline.problems import Problem


class LabelSizeUnknown(Problem):
    """The label size is not written as width x height in millimetres, or out of range."""

    slug = "label-size-unknown"
    status = 422
    title = {"zh": "标签尺寸不对", "en": "Label size not known"}
    detail = {
        "zh": "标签尺寸应写成宽x高(毫米)，如60x40；宽50至210，高30至297。",
        "en": "Write the label size as width x height in millimetres, such as 60x40; 50 to 210 by 30 to 297.",
    }


class NoCodeYet(Problem):
    """The thing has no QR code bound to it, so a label would lead nowhere."""

    slug = "no-code-yet"
    status = 409
    title = {"zh": "还没有二维码", "en": "No QR code yet"}
    detail = {
        "zh": "“{name}”还没有绑定二维码，不能打印标签。请先绑定二维码。",
        "en": "“{name}” has no QR code yet, so there is no label to print. Bind a code to it first.",
    }


class SheetUnknown(Problem):
    """No such sheet of labels, or it has no such place to begin at."""

    slug = "sheet-unknown"
    status = 422
    title = {"zh": "没有这种标签纸", "en": "Label sheet not known"}
    detail = {
        "zh": "没有名为“{sheet}”的标签纸，或纸上没有这个起始位置。请从列表中选择。",
        "en": "There is no label sheet “{sheet}”, or it has no such place to begin at. Choose from the list.",
    }


class LabelsTooMany(Problem):
    """No label at all, or more than one request may ask for."""

    slug = "labels-too-many"
    status = 422
    title = {"zh": "标签数量不对", "en": "Number of labels"}
    detail = {
        "zh": "一次可打印 1 至 {most} 个标签。请分批打印。",
        "en": "1 to {most} labels can be printed at a time. Print them in parts.",
    }
