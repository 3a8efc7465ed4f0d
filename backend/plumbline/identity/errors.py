"""What identity refuses."""

from plumbline.problems import Problem


class WrongPassword(Problem):
    """Login or password do not fit; which of the two is not said."""

    slug = "wrong-password"
    status = 401
    title = {"zh": "用户名或密码错误", "en": "Wrong login or password"}
    detail = {
        "zh": "用户名或密码不对。请核对后重试，或请项目管理员重设密码。",
        "en": "Login or password is wrong. Check both, or ask the administrator for a new password.",
    }


class TooManyTries(Problem):
    """Too many failed tries; the answer carries Retry-After."""

    slug = "too-many-tries"
    status = 429
    title = {"zh": "尝试次数过多", "en": "Too many tries"}
    detail = {
        "zh": "失败次数过多，请在 {retry_after_s} 秒后再试。",
        "en": "Too many failed tries. Wait {retry_after_s} seconds and try again.",
    }


class WeakPassword(Problem):
    """The password is too short, or is the login itself."""

    slug = "weak-password"
    status = 422
    title = {"zh": "密码太弱", "en": "Weak password"}
    detail = {
        "zh": "密码至少 {least} 个字符，且不能与用户名相同。",
        "en": "A password has at least {least} characters and is not the login itself.",
    }


class LoginTaken(Problem):
    """Somebody else has this login."""

    slug = "login-taken"
    status = 409
    title = {"zh": "用户名已被使用", "en": "Login taken"}
    detail = {"zh": "用户名“{login}”已被使用，请换一个。", "en": "The login “{login}” is taken. Choose another one."}


class KeyUnusable(Problem):
    """The public key is no point on P-256."""

    slug = "key-unusable"
    status = 422
    title = {"zh": "设备密钥无效", "en": "Device key unusable"}
    detail = {
        "zh": "设备密钥不是有效的 P-256 公钥。请更新应用后重试。",
        "en": "The device's key is no P-256 public key. Update the app and try again.",
    }


class DeviceNotYours(Problem):
    """Sign-in named a device that this person has not enrolled on."""

    slug = "device-not-yours"
    status = 422
    title = {"zh": "设备未登记", "en": "Device not enrolled"}
    detail = {
        "zh": "您还没有在这台设备上登记，请重新登记设备密钥。",
        "en": "You are not enrolled on this device yet. Enrol its key again.",
    }


class DeviceRevoked(Problem):
    """Somebody tries to sign in or join on a device that was revoked."""

    slug = "sign-in-on-revoked-device"
    status = 403
    title = {"zh": "设备已停用", "en": "Device revoked"}
    detail = {
        "zh": "这台设备已被停用，不能登录。请联系项目管理员。",
        "en": "This device was revoked and cannot sign in. Ask the project's administrator.",
    }


class InviteUnknown(Problem):
    """No invitation has this code."""

    slug = "invite-unknown"
    status = 404
    title = {"zh": "邀请码不存在", "en": "Invitation unknown"}
    detail = {
        "zh": "没有这个邀请码。请重新扫描二维码，或请邀请人再发一份。",
        "en": "No invitation has this code. Scan it again, or ask for a new one.",
    }


class InviteExpired(Problem):
    """The invitation is past its time."""

    slug = "invite-expired"
    status = 410
    title = {"zh": "邀请已过期", "en": "Invitation expired"}
    detail = {
        "zh": "这份邀请已于 {expired_at} 过期。请邀请人再发一份。",
        "en": "This invitation expired at {expired_at}. Ask for a new one.",
    }


class InviteUsed(Problem):
    """The invitation was used; each lets one person in."""

    slug = "invite-used"
    status = 409
    title = {"zh": "邀请已被使用", "en": "Invitation used"}
    detail = {
        "zh": "这份邀请已经有人使用，每份只限一人。请邀请人再发一份。",
        "en": "Somebody has used this invitation; each lets in one person. Ask for a new one.",
    }


class RolesNotYoursToGive(Problem):
    """The actor may admit people, but not give or take these roles."""

    slug = "roles-not-yours-to-give"
    status = 403
    title = {"zh": "无权授予岗位", "en": "Roles not yours to give"}
    detail = {
        "zh": "您不能授予或变更这些岗位：{roles}。请项目经理或管理员办理。",
        "en": "You may not give or change these roles: {roles}. Ask the project manager or an administrator.",
    }


class PersonUnknown(Problem):
    """member:admit names nobody who has joined this server."""

    slug = "person-unknown"
    status = 422
    title = {"zh": "人员不存在", "en": "Person unknown"}
    detail = {
        "zh": "此人还没有用邀请码加入。请先让其扫描邀请二维码。",
        "en": "This person has not joined yet. Let them scan an invitation first.",
    }


class ObjectNotPerson(Problem):
    """member:admit and member:remove have the person as object; the body names another one."""

    slug = "object-not-person"
    status = 422
    title = {"zh": "人员不一致", "en": "Two different people"}
    detail = {
        "zh": "记录的对象与内容中的人员不是同一人。请更新应用后重新填写。",
        "en": "The record's object and the person in it differ. Update the app and enter it again.",
    }


class OrganizationUnknown(Problem):
    """The project has no such organization."""

    slug = "organization-unknown"
    status = 422
    title = {"zh": "单位不存在", "en": "Organization unknown"}
    detail = {
        "zh": "项目中没有这个单位。请先添加单位。",
        "en": "The project has no such organization. Add it first.",
    }


class CrewUnknown(Problem):
    """The project has no such crew."""

    slug = "crew-unknown"
    status = 422
    title = {"zh": "班组不存在", "en": "Crew unknown"}
    detail = {"zh": "项目中没有这个班组。请先添加班组。", "en": "The project has no such crew. Add it first."}


class AlreadyAdded(Problem):
    """The id or code already stands for something in the project."""

    slug = "already-added"
    status = 409
    title = {"zh": "已经添加过", "en": "Already added"}
    detail = {
        "zh": "“{name}”已经添加过，或编号已被使用。请刷新后核对。",
        "en": "“{name}” was added before, or its code is in use. Refresh and check.",
    }


class NotAMember(Problem):
    """member:remove names nobody who is a member."""

    slug = "not-a-member"
    status = 409
    title = {"zh": "不是项目成员", "en": "Not a member"}
    detail = {
        "zh": "此人不是项目的在册成员，无需移除。",
        "en": "This person is no active member of the project; there is nobody to remove.",
    }


class LastAdministrator(Problem):
    """A project keeps at least one administrator."""

    slug = "last-administrator"
    status = 409
    title = {"zh": "最后一位管理员", "en": "Last administrator"}
    detail = {
        "zh": "这是项目的最后一位管理员。请先指定另一位管理员。",
        "en": "This is the project's last administrator. Name another one first.",
    }
