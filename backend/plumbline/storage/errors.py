"""What the stores refuse, and the one thing they report to their callers."""

from plumbline.problems import Problem


class StoreUnavailable(Problem):
    """The store does not answer; nothing was acknowledged, so sending again later is safe."""

    slug = "store-unavailable"
    status = 503
    title = {"zh": "文件存储暂不可用", "en": "File store unavailable"}
    detail = {
        "zh": "文件存储暂时无法访问，文件仍在本机，请稍后再发。",
        "en": "The file store cannot be reached. The file stays on this phone; send it again later.",
    }


class StoreFull(Problem):
    """No room for these bytes."""

    slug = "store-full"
    status = 507
    title = {"zh": "文件存储已满", "en": "File store full"}
    detail = {
        "zh": "服务器的文件存储已满，文件仍在本机。请通知管理员扩容后再发。",
        "en": "The server's file store is full. The file stays on this phone: tell the administrator, send it later.",
    }


class ObjectMissing(LookupError):
    """There is no object with this key. Not a refusal: the caller knows what its absence means."""
