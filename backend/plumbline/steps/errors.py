"""What steps refuse."""

from plumbline.problems import Problem


class StepNotFound(Problem):
    """No such step in this project."""

    slug = "step-not-found"
    status = 404
    title = {"zh": "没有这条工序记录", "en": "No such step"}
    detail = {
        "zh": "本项目没有这条工序记录。请同步后再试，或核对项目是否选对。",
        "en": "This project has no such step record. Sync and try again, or check that the right project is open.",
    }


class StepExists(Problem):
    """The id of the step is taken by another record."""

    slug = "step-exists"
    status = 409
    title = {"zh": "记录编号已被占用", "en": "Step id taken"}
    detail = {
        "zh": "这个编号已有一条工序记录，记录不能覆盖。要更正请新建一条“更正”记录。",
        "en": "A step with this id is already recorded and cannot be overwritten. To correct it, record a correction.",
    }


class PersonNotMember(Problem):
    """Somebody named in the step is not a member of the project."""

    slug = "person-not-member"
    status = 422
    title = {"zh": "人员不属于本项目", "en": "Person not in this project"}
    detail = {
        "zh": "有 {count} 名所选人员不是本项目成员。请去掉他们，或请项目部先邀请他们加入。",
        "en": "{count} of the people chosen are not members of this project. Remove them or have them invited first.",
    }


class EquipmentUnknown(Problem):
    """A machine or instrument named in the step is not in this project."""

    slug = "equipment-unknown"
    status = 422
    title = {"zh": "没有这台设备", "en": "Unknown equipment"}
    detail = {
        "zh": "有 {count} 台所选设备没有在本项目登记。请重新扫描设备码，或请项目部先登记。",
        "en": "{count} of the machines chosen are not registered in this project. Scan them again or have them added.",
    }


class LotUnproven(Problem):
    """A lot lacks what its material asks for before use, and the device had seen the lot."""

    slug = "lot-unproven"
    status = 409
    title = {"zh": "批次还不能使用", "en": "Lot not usable yet"}
    detail = {
        "zh": "批次 {code} 还不能使用，缺少：{lacks}。请联系试验员或材料员补齐后再记录；{other}。",
        "en": "Lot {code} must not be used yet. It lacks: {lacks}. Ask the laboratory technician or storekeeper to "
        "add this and record the step again; {other}.",
    }


class StepKindUnknown(Problem):
    """The definition has no step of this kind."""

    slug = "step-kind-unknown"
    status = 422
    title = {"zh": "没有这种工序", "en": "Unknown kind of step"}
    detail = {
        "zh": "方案“{definition}”第 {version} 版没有工序“{kind}”。请更新应用后重新选择工序。",
        "en": "Plan “{definition}”, version {version}, has no step “{kind}”. Update the app and choose the step again.",
    }


class StepAlreadyApproved(Problem):
    """An approved step cannot be corrected."""

    slug = "step-already-approved"
    status = 409
    title = {"zh": "记录已批准", "en": "Step already approved"}
    detail = {
        "zh": "这条记录已批准，不能再更正。发现问题请在该部位提出缺陷。",
        "en": "This step is approved and cannot be corrected. If something is wrong, raise a defect on the task.",
    }


class StepSuperseded(Problem):
    """A newer record has taken the place of this one."""

    slug = "step-superseded"
    status = 409
    title = {"zh": "记录已被更正", "en": "Step superseded"}
    detail = {
        "zh": "这条记录已被更正记录 {by} 取代。请打开新的记录再操作。",
        "en": "A correction ({by}) has taken the place of this step. Open the newer record and go on there.",
    }


class CorrectionByAnother(Problem):
    """Only those who did or recorded the step may correct it."""

    slug = "correction-by-another"
    status = 403
    title = {"zh": "不能更正他人的记录", "en": "Not your step to correct"}
    detail = {
        "zh": "只有记录人、参加人员或同一班组可以更正这条记录。请联系记录人。",
        "en": "Only the recorder, the people of this step or its crew may correct it. Ask the person who recorded it.",
    }


class AnswersUnreadable(Problem):
    """An answer of the form is of the wrong kind, or the form has no such field."""

    slug = "answers-unreadable"
    status = 422
    title = {"zh": "表单填写有误", "en": "Answers cannot be read"}
    detail = {
        "zh": "表单有误：{what}。请改正后重新提交。",
        "en": "The form has answers that cannot be read: {what}. Correct them and record the step again.",
    }
