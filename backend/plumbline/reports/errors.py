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
