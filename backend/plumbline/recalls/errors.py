"""What recalls refuse."""

from plumbline.problems import Problem


class RecallExists(Problem):
    """The id of the recall is taken."""

    slug = "recall-exists"
    status = 409
    title = {"zh": "召回编号已被占用", "en": "Recall id taken"}
    detail = {
        "zh": "这个编号已有一次召回。请重新发起。",
        "en": "A recall with this id is already there. Open it as a new one.",
    }


class RecallUnknown(Problem):
    """No such recall in this project."""

    slug = "recall-unknown"
    status = 409
    title = {"zh": "没有这次召回", "en": "Recall not found"}
    detail = {
        "zh": "本项目没有这次召回。请同步后再试。",
        "en": "This project has no such recall. Sync and try again.",
    }


class RecallThingUnknown(Problem):
    """What the recall names is not in this project."""

    slug = "recall-thing-unknown"
    status = 422
    title = {"zh": "召回对象不在本项目", "en": "Not in this project"}
    detail = {
        "zh": "所选召回对象有 {count} 个不在本项目。请同步后重新选择。",
        "en": "{count} of the things chosen for the recall are not in this project. Sync and choose again.",
    }


class RecallNothingFound(Problem):
    """Nothing in the project matches what the recall is on."""

    slug = "recall-nothing-found"
    status = 409
    title = {"zh": "没有符合的材料", "en": "Nothing matches"}
    detail = {
        "zh": "本项目没有符合条件的批次或工序，未发起召回。请核对炉批号、日期和材料。",
        "en": "No lot or step of this project matches, so no recall was opened. Check heat number, days and material.",
    }


class LotAlreadyRecalled(Problem):
    """A lot is in an open recall already."""

    slug = "lot-already-recalled"
    status = 409
    title = {"zh": "批次已在召回中", "en": "Lot already recalled"}
    detail = {
        "zh": "批次 {code} 已在召回 {recall} 中，不能重复召回。请打开 {recall} 继续处理。",
        "en": "Lot {code} is in recall {recall} already. Go on in {recall} instead of opening another.",
    }


class RecallClosed(Problem):
    """The recall was closed meanwhile."""

    slug = "recall-closed"
    status = 409
    title = {"zh": "召回已关闭", "en": "Recall closed"}
    detail = {
        "zh": "召回 {code} 已关闭，不能再更改。如又发现问题，请重新发起召回。",
        "en": "Recall {code} is closed and cannot be changed. Open a new one if more is found.",
    }


class RecallNotWhole(Problem):
    """The scope is still being frozen."""

    slug = "recall-not-whole"
    status = 409
    title = {"zh": "召回范围尚未计算完", "en": "Scope not complete"}
    detail = {
        "zh": "召回 {code} 的范围还在计算，批次已经停用。请几分钟后再关闭。",
        "en": "The scope of recall {code} is still being listed; its lots are stopped. Close it in a few minutes.",
    }


class RecallBalanceOpen(Problem):
    """Quantities are not accounted for, and no difference is named."""

    slug = "recall-balance-open"
    status = 409
    title = {"zh": "召回数量未交代清楚", "en": "Balance open"}
    detail = {
        "zh": "召回 {code} 还有 {open} 没有交代：{where}。请联系 {who}，或写明差额原因后关闭。",
        "en": "Recall {code} has {open} unaccounted for: {where}. Ask {who}, or name the difference to close it.",
    }


class RecallItemUnknown(Problem):
    """No such item in an open recall of this project."""

    slug = "recall-item-unknown"
    status = 409
    title = {"zh": "没有这个召回项", "en": "Recall item not found"}
    detail = {
        "zh": "本项目的召回中没有这一项。请同步后再试。",
        "en": "No recall of this project has this item. Sync and try again.",
    }


class RecallItemDecided(Problem):
    """Somebody else decided the item first."""

    slug = "recall-item-decided"
    status = 409
    title = {"zh": "已有人处理", "en": "Decided already"}
    detail = {
        "zh": "这一项已由{by}处理为“{what}”。如有不同，请先更正那条记录。",
        "en": "{by} has already settled this as “{what}”. Correct that record if it is wrong.",
    }


class RecallQuantityTooMuch(Problem):
    """More than is left of the item."""

    slug = "recall-quantity-too-much"
    status = 409
    title = {"zh": "数量超出", "en": "Too much"}
    detail = {
        "zh": "这一项还剩 {left} {unit} 未交代，不能填 {wanted} {unit}。请核对数量。",
        "en": "Of this item {left} {unit} is left, not {wanted} {unit}. Check the quantity.",
    }


class DesignerNeeded(Problem):
    """Accepting recalled material is the designer's decision."""

    slug = "recall-designer-needed"
    status = 403
    title = {"zh": "需设计单位评估", "en": "Designer's assessment needed"}
    detail = {
        "zh": "“评估后接受”须由设计人员本人签署，或附设计单位的评估文件。请联系设计单位。",
        "en": "“Assessed and accepted” is the designer's to sign, or comes with their assessment. Ask the designer.",
    }
