"""What grants refuse."""

from plumbline.problems import Problem


class LinkUnknown(Problem):
    """No link has this code, or another one took its place."""

    slug = "link-unknown"
    status = 404
    title = {"zh": "链接无效", "en": "Link unknown"}
    detail = {
        "zh": "没有这个链接，或已换成新的链接。请核对地址，或请给您链接的人再发一次。",
        "en": "There is no such link, or a new one took its place. Check the address, or ask whoever sent it again.",
    }


class LinkExpired(Problem):
    """The link is past its time."""

    slug = "link-expired"
    status = 410
    title = {"zh": "链接已过期", "en": "Link expired"}
    detail = {
        "zh": "这个链接已于 {expired_at} 过期。如仍需查看，请项目再给一个新的链接。",
        "en": "This link expired at {expired_at}. If you still need it, ask the project for a new one.",
    }


class LinkRevoked(Problem):
    """The project took the link back."""

    slug = "link-revoked"
    status = 410
    title = {"zh": "链接已收回", "en": "Link taken back"}
    detail = {
        "zh": "项目已收回这个链接，不能再查看。如仍需查看，请联系给您链接的人。",
        "en": "The project has taken this link back. If you still need it, ask whoever gave it to you.",
    }


class OriginalsNotShared(Problem):
    """The link shows photos in their smaller form only."""

    slug = "originals-not-shared"
    status = 403
    title = {"zh": "未开放原件", "en": "Originals not shared"}
    detail = {
        "zh": "这个链接只能查看缩小的照片，不含原件。需要原件时请项目另给链接。",
        "en": "This link shows photos in their smaller form. Ask the project for one with originals.",
    }


class GrantScopeUnknown(Problem):
    """grant:issue names no project, element or lot of this project."""

    slug = "grant-scope-unknown"
    status = 422
    title = {"zh": "授权范围不存在", "en": "Nothing to give a link to"}
    detail = {
        "zh": "项目中没有要授权查看的部位或批次。请刷新后重新选择。",
        "en": "The project has no such element or lot. Refresh and choose again.",
    }


class GrantTooLong(Problem):
    """The expiry lies in the past, or beyond what the server allows."""

    slug = "grant-too-long"
    status = 422
    title = {"zh": "有效期不对", "en": "Expiry out of range"}
    detail = {
        "zh": "链接的有效期必须在今后 {days} 天之内。请改短后重试。",
        "en": "A link must end within {days} days from now. Choose an earlier end.",
    }


class GrantRightNotYet(Problem):
    """A right that nothing in this version uses; a link must not promise it."""

    slug = "grant-right-not-yet"
    status = 422
    title = {"zh": "此权限暂不可用", "en": "Right not available"}
    detail = {
        "zh": "链接还不能带“{right}”权限，目前只能查看。请去掉此权限。",
        "en": "Links cannot carry the right “{right}” yet, only viewing. Leave it out.",
    }


class GrantThere(Problem):
    """The id already stands for a grant."""

    slug = "grant-there"
    status = 409
    title = {"zh": "授权已存在", "en": "Grant already there"}
    detail = {
        "zh": "这个编号的授权已经存在。请刷新后重新填写。",
        "en": "A grant with this id is there already. Refresh and enter it again.",
    }


class GrantUnknown(Problem):
    """The project has no such grant."""

    slug = "grant-unknown"
    status = 404
    title = {"zh": "没有这个授权", "en": "No such grant"}
    detail = {
        "zh": "项目中没有这个授权链接。请刷新后核对。",
        "en": "The project has given no such link. Refresh and check.",
    }


class GrantEnded(Problem):
    """The grant was revoked or has expired."""

    slug = "grant-ended"
    status = 409
    title = {"zh": "授权已结束", "en": "Grant has ended"}
    detail = {
        "zh": "这个授权已收回或已过期。需要时请另给一个新的链接。",
        "en": "This grant was taken back or has expired. Give a new link if one is needed.",
    }
