"""What evidence refuses."""

from plumbline.problems import Problem


class FileEmpty(Problem):
    """A file of 0 bytes proves nothing."""

    slug = "file-empty"
    status = 422
    title = {"zh": "文件为空", "en": "File empty"}
    detail = {
        "zh": "文件只有 0 字节，未接收。请重新拍照或选择文件。",
        "en": "The file has 0 bytes and was not taken. Take the photo or choose the file again.",
    }


class FileTooLarge(Problem):
    """A file above the server's limit."""

    slug = "file-too-large"
    status = 413
    title = {"zh": "文件过大", "en": "File too large"}
    detail = {
        "zh": "文件有 {bytes} 字节，最多 {limit} 字节。请缩短视频或降低画质后再发。",
        "en": "The file has {bytes} bytes; at most {limit} are taken. Shorten the video or lower its quality.",
    }


class FileDigestMismatch(Problem):
    """The bytes that arrived are not those that were announced; they lie in quarantine."""

    slug = "file-digest-mismatch"
    status = 422
    title = {"zh": "文件与指纹不符", "en": "File does not match its hash"}
    detail = {
        "zh": "收到的文件与登记的指纹或长度不符，未采用，已隔离留存。请从原设备重新发送原文件。",
        "en": "The bytes received are not those announced (hash or length). They are kept aside, not used. "
        "Send the original file again from its device.",
    }


class FileNotArrived(Problem):
    """Nobody has sent the bytes yet."""

    slug = "file-not-arrived"
    status = 409
    title = {"zh": "文件尚未到达", "en": "File has not arrived"}
    detail = {
        "zh": "服务器还没有收到这个文件。请先上传文件，再确认完成。",
        "en": "The server does not have this file yet. Send the file first, then say that it is complete.",
    }


class FileBeingChecked(Problem):
    """Another request is reading and hashing this upload."""

    slug = "file-being-checked"
    status = 409
    title = {"zh": "文件正在核验", "en": "File is being checked"}
    detail = {
        "zh": "服务器正在核验这个文件，请稍后再询问一次。",
        "en": "The server is checking this file just now. Ask again in a moment.",
    }


class UploadTokenWrong(Problem):
    """The upload address is not one that this server gave out."""

    slug = "upload-token-wrong"
    status = 403
    title = {"zh": "上传地址无效", "en": "Upload address not valid"}
    detail = {
        "zh": "这个上传地址无效，文件仍在本机。请重新申请上传。",
        "en": "This upload address is not valid. The file stays on this phone; ask for a new upload.",
    }


class UploadExpired(Problem):
    """The upload address has ended."""

    slug = "upload-expired"
    status = 410
    title = {"zh": "上传地址已过期", "en": "Upload address has ended"}
    detail = {
        "zh": "这个上传地址已过期，文件仍在本机。请重新申请上传。",
        "en": "This upload address has ended. The file stays on this phone; ask for a new upload.",
    }


class UploadLengthWrong(Problem):
    """More or fewer bytes than were announced."""

    slug = "upload-length-wrong"
    status = 422
    title = {"zh": "文件长度不符", "en": "File length differs"}
    detail = {
        "zh": "登记的长度是 {expected} 字节，实际发送的不同，未接收。请重新发送原文件。",
        "en": "{expected} bytes were announced and another number came, so nothing was taken. Send the original again.",
    }


class UploadOffsetWrong(Problem):
    """The chunk does not begin where the server's bytes end; `offset` says where that is."""

    slug = "upload-offset-wrong"
    status = 409
    title = {"zh": "续传位置不符", "en": "Upload goes on elsewhere"}
    detail = {
        "zh": "服务器已收到 {offset} 字节，请从该处继续发送。",
        "en": "The server holds {offset} bytes of this file. Go on sending from there.",
    }


class UploadPartUnknown(Problem):
    """A part that the file does not have."""

    slug = "upload-part-unknown"
    status = 422
    title = {"zh": "没有这个分段", "en": "No such part"}
    detail = {
        "zh": "文件共有 {count} 个分段，没有第 {number} 段。",
        "en": "The file has {count} parts; there is no part {number}.",
    }


class DownloadTokenWrong(Problem):
    """The address of an original is not one that this server gave out, or it has ended."""

    slug = "download-token-wrong"
    status = 403
    title = {"zh": "下载地址无效", "en": "Download address not valid"}
    detail = {
        "zh": "这个下载地址无效或已过期，请在应用中重新打开文件。",
        "en": "This download address is not valid or has ended. Open the file again in the app.",
    }


class FileNamed(Problem):
    """A file that an act names is not forgotten."""

    slug = "file-named"
    status = 409
    title = {"zh": "文件已被引用", "en": "File is named by a record"}
    detail = {
        "zh": "已有记录引用这个文件，因此予以保留。",
        "en": "A record names this file by now, so it is kept.",
    }


class PreviewNotReady(Problem):
    """The derivative is still being made."""

    slug = "preview-not-ready"
    status = 404
    title = {"zh": "预览尚未生成", "en": "Preview not ready"}
    detail = {"zh": "预览正在生成，请稍后再看。", "en": "The preview is being made. Look again in a moment."}


class PreviewImpossible(Problem):
    """The file is kept, but no picture can be made of it."""

    slug = "preview-impossible"
    status = 404
    title = {"zh": "无法预览", "en": "No preview possible"}
    detail = {
        "zh": "原文件已完整保存，但无法生成预览：{why}",
        "en": "The original is kept complete, but no preview can be made of it: {why}",
    }


class RangeNotSatisfiable(Problem):
    """The asked part lies beyond the file's end."""

    slug = "range-not-satisfiable"
    status = 416
    title = {"zh": "范围无效", "en": "Range not satisfiable"}
    detail = {
        "zh": "请求的范围超出文件长度 {bytes} 字节。",
        "en": "The range asked for lies beyond the file's {bytes} bytes.",
    }
