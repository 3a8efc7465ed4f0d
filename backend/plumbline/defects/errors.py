"""What defects refuse."""

from plumbline.problems import Problem


class DefectExists(Problem):
    """The id of the defect is taken."""

    slug = "defect-exists"
    status = 409
    title = {"zh": "缺陷编号已被占用", "en": "Defect id taken"}
    detail = {
        "zh": "这个编号已有一条缺陷记录，记录不能覆盖。请重新提出一条。",
        "en": "A defect with this id is already recorded and cannot be overwritten. Raise it as a new one.",
    }


class DefectLotUnknown(Problem):
    """A suspected lot is not in this project."""

    slug = "defect-lot-unknown"
    status = 422
    title = {"zh": "没有这些批次", "en": "Unknown lots"}
    detail = {
        "zh": "有 {count} 个所选批次不在本项目。请重新扫描批次码，或先不选批次提交。",
        "en": "{count} of the lots chosen are not in this project. Scan them again, or send the defect without them.",
    }
