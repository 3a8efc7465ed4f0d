"""What defects and nonconformances refuse."""

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


class DefectUnknown(Problem):
    """No such defect in this project."""

    slug = "defect-unknown"
    status = 409
    title = {"zh": "没有这条缺陷", "en": "Defect not found"}
    detail = {
        "zh": "本项目没有这条缺陷。请同步后再试。",
        "en": "This project has no such defect. Sync and try again.",
    }


class DefectDecided(Problem):
    """Somebody else confirmed, dismissed or closed it first."""

    slug = "defect-decided"
    status = 409
    title = {"zh": "已有人处理", "en": "Decided already"}
    detail = {
        "zh": "{code} 已由{by}处理为“{state}”。请同步后查看，再决定下一步。",
        "en": "{by} has already decided {code}: {state}. Sync, look at it, and go on from there.",
    }


class NotConfirmed(Problem):
    """Only a confirmed nonconformance goes on."""

    slug = "defect-not-confirmed"
    status = 409
    title = {"zh": "尚未确认为不合格", "en": "Not confirmed"}
    detail = {
        "zh": "{code} 还没有确认为不合格项。请先由质检员或监理确认。",
        "en": "{code} is not confirmed as a nonconformance. Let the inspector or supervisor confirm it first.",
    }


class PartyUnknown(Problem):
    """The party is not in this project."""

    slug = "ncr-party-unknown"
    status = 422
    title = {"zh": "责任方不在本项目", "en": "Party not in this project"}
    detail = {
        "zh": "所选责任方不在本项目。请同步后重新选择。",
        "en": "The party chosen is not in this project. Sync and choose again.",
    }


class PartyDecided(Problem):
    """Who is responsible was decided meanwhile."""

    slug = "ncr-party-decided"
    status = 409
    title = {"zh": "责任方已确定", "en": "Party decided already"}
    detail = {
        "zh": "{code} 的责任方已由{by}确定为“{party}”。如要更改，请更正那条决定。",
        "en": "{by} has already named “{party}” as responsible for {code}. Correct that decision to change it.",
    }


class NotTheParty(Problem):
    """Only the responsible side answers."""

    slug = "ncr-not-the-party"
    status = 403
    title = {"zh": "您不属于责任方", "en": "Not of the responsible side"}
    detail = {
        "zh": "只有责任方“{party}”的人员可以答复。请让他们登录后答复。",
        "en": "Only people of “{party}” can answer. Ask them to sign in and do so.",
    }


class OwnerUnknown(Problem):
    """The owner of an action is not a member."""

    slug = "ncr-owner-unknown"
    status = 422
    title = {"zh": "负责人不在本项目", "en": "Owner not in this project"}
    detail = {
        "zh": "所选负责人不是本项目成员。请重新选择。",
        "en": "The owner chosen is not a member of this project. Choose somebody else.",
    }


class ActionUnknown(Problem):
    """No such action in this project."""

    slug = "ncr-action-unknown"
    status = 409
    title = {"zh": "没有这项措施", "en": "Action not found"}
    detail = {
        "zh": "本项目没有这项措施。请同步后再试。",
        "en": "This project has no such action. Sync and try again.",
    }


class ActionNotYours(Problem):
    """Done is said by the owner or by quality."""

    slug = "ncr-action-not-yours"
    status = 403
    title = {"zh": "不是您负责的措施", "en": "Not your action"}
    detail = {
        "zh": "这项措施由他人负责。请负责人或质检员提交完成情况。",
        "en": "Somebody else owns this action. Its owner or quality control says that it is done.",
    }


class ActionDecided(Problem):
    """The action is done or checked already."""

    slug = "ncr-action-decided"
    status = 409
    title = {"zh": "这项措施已处理", "en": "Action decided already"}
    detail = {
        "zh": "这项措施的状态是“{state}”，不能再次提交。请同步后查看。",
        "en": "This action is already “{state}”. Sync and look at it.",
    }


class ProofMissing(Problem):
    """An action is done when there is proof."""

    slug = "ncr-proof-missing"
    status = 422
    title = {"zh": "缺少完成证明", "en": "Proof missing"}
    detail = {
        "zh": "请附上完成的照片或文件。",
        "en": "Attach a photo or file that shows it is done.",
    }


class OwnWork(Problem):
    """Nobody checks or closes their own work."""

    slug = "ncr-own-work"
    status = 403
    title = {"zh": "不能验收自己的工作", "en": "Own work"}
    detail = {
        "zh": "不能验收或关闭自己完成的措施。请另一位质检员或监理处理。",
        "en": "You did this yourself, so somebody else checks and closes it: another inspector or the supervisor.",
    }


class NcrNotFinished(Problem):
    """Something is open."""

    slug = "ncr-not-finished"
    status = 409
    title = {"zh": "还有未完成项", "en": "Not finished"}
    detail = {
        "zh": "{code} 还不能关闭，尚缺：{open}。请先完成。",
        "en": "{code} cannot be closed yet. Missing: {open}. Finish that first.",
    }
