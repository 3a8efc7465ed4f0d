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
        "zh": "它还没有绑定二维码，不能打印标签。请先绑定二维码。",
        "en": "It has no QR code yet, so there is no label to print. Bind a code to it first.",
    }


class SheetUnknown(Problem):
    """No such sheet of labels."""

    slug = "sheet-unknown"
    status = 422
    title = {"zh": "没有这种标签纸", "en": "Label sheet not known"}
    detail = {
        "zh": "没有名为“{sheet}”的标签纸。请从列表中选择。",
        "en": "There is no label sheet “{sheet}”. Choose one from the list.",
    }
