"""What is said of files that cannot be shown or read, by key. Keys are stored; the words may be improved."""

NOTES: dict[str, dict[str, str]] = {
    "not-what-it-says": {
        "zh": "文件内容与其类型不符，不是图片或文档。",
        "en": "The content is not of the type that the file claims to be.",
    },
    "truncated": {"zh": "图片不完整，后半部分缺失。", "en": "The picture is cut off; its end is missing."},
    "damaged": {"zh": "图片数据损坏，无法解码。", "en": "The picture's data is damaged and cannot be decoded."},
    "too-many-pixels": {
        "zh": "图片像素过多（超过 6000 万），出于安全不解码。",
        "en": "The picture claims more than 60 million pixels and is not decoded, for safety.",
    },
    "too-large-to-decode": {
        "zh": "图片过大，解码所需内存或时间超出限制。",
        "en": "Decoding the picture takes more memory or time than is allowed.",
    },
    "needs-heic-decoder": {
        "zh": "服务器未安装 HEIC 解码器；原图已完整保存。",
        "en": "This server has no decoder for HEIC; the original is kept complete.",
    },
    "no-exif": {
        "zh": "照片没有 EXIF 信息，没有相机时间和位置可供核对。",
        "en": "The photo carries no EXIF, so there is no camera time or place to compare.",
    },
    "exif-damaged": {"zh": "EXIF 信息损坏，无法读取。", "en": "The EXIF data is damaged and could not be read."},
    "time-unreadable": {"zh": "相机时间无法读取。", "en": "The camera's time could not be read."},
    "place-unreadable": {"zh": "照片中的位置无法读取。", "en": "The place in the photo could not be read."},
    "other-metadata-unread": {
        "zh": "照片另有 XMP 或 IPTC 信息，未读取；原文件中完整保留。",
        "en": "The photo also carries XMP or IPTC data, which is not read; it stays in the original.",
    },
    "played-not-drawn": {
        "zh": "视频或录音不生成预览，原文件完整保存，可播放或下载。",
        "en": "No preview is made of a video or recording; the original is kept complete and can be played.",
    },
    "not-decoded": {
        "zh": "图片无法解码，未能读取其中信息。",
        "en": "The picture cannot be opened, so its data was not read.",
    },
}


def said(key: str) -> dict[str, str]:
    """The words of a note; an unknown key (of a later version) says itself."""
    return NOTES.get(key, {"zh": key, "en": key})
