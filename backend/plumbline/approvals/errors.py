"""What approvals refuse."""

from plumbline.problems import Problem


class DecisionExists(Problem):
    """The id of the decision is taken."""

    slug = "decision-exists"
    status = 409
    title = {"zh": "审批编号已被占用", "en": "Decision id taken"}
    detail = {
        "zh": "这个编号已有一条审批决定，决定不能覆盖。请刷新后重新审批。",
        "en": "A decision with this id already stands and cannot be overwritten. Refresh and decide again.",
    }


class StepAwaitsFiles(Problem):
    """Files of the step have not been verified yet."""

    slug = "step-awaits-files"
    status = 409
    title = {"zh": "记录还在等照片", "en": "Step awaits files"}
    detail = {
        "zh": "这条记录还有 {count} 个文件没有传到服务器并核对。请让记录人打开“待发送”，等文件到齐再审批。",
        "en": "{count} files of this step are not at the server and verified yet. "
        "Ask the recorder to open the outbox; decide when all have arrived.",
    }


class StepDecided(Problem):
    """Somebody has decided already."""

    slug = "step-decided"
    status = 409
    title = {"zh": "已有审批决定", "en": "Step already decided"}
    detail = {
        "zh": "{by}已先作出决定：{decision}。请刷新查看；不同意请直接与其联系。",
        "en": "{by} has already decided: {decision}. Refresh to see it; if you disagree, talk to them.",
    }


class OwnStep(Problem):
    """Nobody approves his own step."""

    slug = "own-step"
    status = 403
    title = {"zh": "不能审批自己的工序", "en": "Not your own step"}
    detail = {
        "zh": "您记录或参加了这道工序，不能自己审批。请另一位项目经理审批。",
        "en": "You recorded or took part in this step, so you cannot decide on it. Ask another project manager.",
    }


class ReasonMissing(Problem):
    """Rejecting or asking for more needs words."""

    slug = "reason-missing"
    status = 422
    title = {"zh": "缺少理由", "en": "Reason missing"}
    detail = {
        "zh": "退回或要求补充时必须写明理由，让班组知道要改什么。请填写后再提交。",
        "en": "Rejecting or asking for more needs a reason that tells the crew what to mend. Write it and send again.",
    }
