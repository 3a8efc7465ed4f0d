"""What the door refuses."""

from plumbline.problems import Problem


class PayloadTooLarge(Problem):
    """A payload above 16 KiB; larger bodies travel as files."""

    slug = "payload-too-large"
    status = 413
    title = {"zh": "记录过大", "en": "Record too large"}
    detail = {
        "zh": "一条记录最多 {limit} 字节，更大的内容请作为文件上传。",
        "en": "One record takes at most {limit} bytes. Send larger content as a file.",
    }


class PayloadUnreadable(Problem):
    """Signed bytes that are no act of the strict profile."""

    slug = "payload-unreadable"
    status = 422
    title = {"zh": "记录无法读取", "en": "Record cannot be read"}
    detail = {
        "zh": "记录内容不符合格式（{what}）。请更新应用后重新填写。",
        "en": "The record is not in the agreed form ({what}). Update the app and enter it again.",
    }


class EnvelopeMalformed(Problem):
    """An envelope without payload, device or signature in base64."""

    slug = "envelope-malformed"
    status = 422
    title = {"zh": "信封格式不对", "en": "Envelope malformed"}
    detail = {
        "zh": "记录的封装缺少内容、设备或签名（{what}）。请更新应用。",
        "en": "The envelope lacks payload, device or signature ({what}). Update the app.",
    }


class SignatureWrong(Problem):
    """The signature is not by this device's key over these bytes."""

    slug = "signature-wrong"
    status = 422
    title = {"zh": "签名不符", "en": "Signature wrong"}
    detail = {
        "zh": "签名与内容或设备不符，记录未接收。请在原设备上重新发送。",
        "en": "The signature does not fit the content or the device. Send it again from the same device.",
    }


class DeviceUnknown(Problem):
    """No such device is enrolled."""

    slug = "device-unknown"
    status = 422
    title = {"zh": "设备未登记", "en": "Device unknown"}
    detail = {
        "zh": "这台设备没有登记。请用邀请二维码加入，或重新登录。",
        "en": "This device is not enrolled. Join with an invitation or sign in again.",
    }


class DeviceStopped(Problem):
    """The device was revoked; its late acts are kept for review."""

    slug = "device-revoked"
    status = 403
    title = {"zh": "设备已停用", "en": "Device revoked"}
    detail = {
        "zh": "这台设备已被停用，记录已留存待审。请联系项目管理员。",
        "en": "This device was revoked; the record is kept for review. Ask the project's administrator.",
    }


class ActorNotOnDevice(Problem):
    """The act names a person who may not use this device."""

    slug = "actor-not-on-device"
    status = 403
    title = {"zh": "人员与设备不符", "en": "Person and device do not match"}
    detail = {
        "zh": "记录中的人员没有在这台设备上登记。请本人登录后重新填写。",
        "en": "The person named is not enrolled on this device. Sign in as that person and enter it again.",
    }


class ActTypeUnknown(Problem):
    """No such act type."""

    slug = "act-type-unknown"
    status = 422
    title = {"zh": "未知的操作", "en": "Unknown act"}
    detail = {
        "zh": "服务器不认识操作“{act}”。请更新应用。",
        "en": "The server does not know the act “{act}”. Update the app.",
    }


class BodyMalformed(Problem):
    """The body does not fit its act type."""

    slug = "body-malformed"
    status = 422
    title = {"zh": "内容有误", "en": "Content wrong"}
    detail = {
        "zh": "“{act}”的内容有误：{what}。请改正后重新填写。",
        "en": "The content of “{act}” is wrong: {what}. Correct it and enter it again.",
    }


class IdTaken(Problem):
    """The same id came with other bytes before; both are kept."""

    slug = "id-taken"
    status = 409
    title = {"zh": "编号重复", "en": "Id already used"}
    detail = {
        "zh": "同一编号已有另一份内容，两份都已留存。请重新填写这条记录。",
        "en": "This id already stands for other content; both are kept. Enter the record again.",
    }


class DependencyRefused(Problem):
    """An act that this one builds on was refused."""

    slug = "dependency-refused"
    status = 409
    title = {"zh": "前一条记录被退回", "en": "An earlier record was refused"}
    detail = {
        "zh": "这条记录依赖的前一条记录被退回。请先改正前一条，再重新填写。",
        "en": "This record builds on one that was refused. Mend that one first, then enter this again.",
    }


class ConflictInDatabase(Problem):
    """A constraint of the database forbids it."""

    slug = "state-conflict"
    status = 409
    title = {"zh": "与现有记录冲突", "en": "Conflicts with existing records"}
    detail = {
        "zh": "与已有记录冲突（{what}）。请刷新后核对。",
        "en": "This conflicts with what is already there ({what}). Refresh and check.",
    }


class BatchOfManyProjects(Problem):
    """A batch is of one project."""

    slug = "batch-of-many-projects"
    status = 422
    title = {"zh": "一批只能属于一个项目", "en": "One batch, one project"}
    detail = {"zh": "请按项目分别发送记录。", "en": "Send the records of each project separately."}


class BatchTooLong(Problem):
    """More than 100 acts."""

    slug = "batch-too-long"
    status = 413
    title = {"zh": "一批记录过多", "en": "Too many records"}
    detail = {
        "zh": "一次最多 {limit} 条记录，请分批发送。",
        "en": "At most {limit} records at once. Send them in parts.",
    }


class CursorExpired(Problem):
    """The position lies before what the feed still holds, or beyond its end; `snapshot` is where to start anew."""

    slug = "cursor-expired"
    status = 410
    title = {"zh": "同步位置失效", "en": "Feed position expired"}
    detail = {
        "zh": "同步位置已失效，将重新载入项目；未发送的记录不受影响。",
        "en": "This feed position is no longer valid. The project is loaded anew; unsent records are not touched.",
    }


class ApiKeyNeeded(Problem):
    """People's phones and browsers sign for themselves; only other systems may have the server sign."""

    slug = "api-key-needed"
    status = 403
    title = {"zh": "需要接口密钥", "en": "API key needed"}
    detail = {
        "zh": "此接口供其他系统使用，需要项目的接口密钥。请由项目管理员建立。",
        "en": "This route is for other systems and wants a key of the project. Its administrator can make one.",
    }


class NotInQuarantine(Problem):
    """The object of an answer is no refused act and no kept bytes of this project."""

    slug = "not-in-quarantine"
    status = 404
    title = {"zh": "不在待处理中", "en": "Not in quarantine"}
    detail = {
        "zh": "本项目没有这条被拒绝的记录。请刷新“被拒记录”列表后再处理。",
        "en": "This project has no such refused record. Load the list of refused records again.",
    }


class AnswerActUnknown(Problem):
    """The act that is said to have done it anew is not there, is of another project, or was refused too."""

    slug = "answer-act-unknown"
    status = 409
    title = {"zh": "没有这条新记录", "en": "No such new record"}
    detail = {
        "zh": "所填的新记录不存在或也被拒绝。请先重新录入，再选择那条新记录。",
        "en": "The new record is not there or was refused too. Enter it again first, then name it here.",
    }


class NotAnswered(Problem):
    """Nothing to take back."""

    slug = "not-answered"
    status = 409
    title = {"zh": "尚未处理", "en": "Not answered yet"}
    detail = {
        "zh": "这条被拒绝的记录还没有处理意见，无需撤回。",
        "en": "This refused record has no answer that could be taken back.",
    }
