"""What public pages refuse."""

from plumbline.problems import Problem


class FaultsNotTaken(Problem):
    """The project takes no reports through its labels."""

    slug = "faults-not-taken"
    status = 403
    title = {"zh": "不接受报修", "en": "No reports taken"}
    detail = {
        "zh": "这个项目不通过标签接受报修。请直接联系物业或项目部。",
        "en": "This project takes no reports through its labels. Contact the building's management or the project.",
    }


class FaultPhotoWrong(Problem):
    """What came as a photo is none, or too large."""

    slug = "fault-photo-wrong"
    status = 422
    title = {"zh": "照片无法使用", "en": "Photo not usable"}
    detail = {
        "zh": "请上传一张 JPEG、PNG 或 WebP 照片，不超过 {limit_mb} MB。也可以不附照片提交。",
        "en": "Send one JPEG, PNG or WebP photo of at most {limit_mb} MB, or send the report without a photo.",
    }


class ProjectNotObject(Problem):
    """project:publish names something else than its project."""

    slug = "publish-object-not-project"
    status = 422
    title = {"zh": "对象不是本项目", "en": "Not this project"}
    detail = {
        "zh": "公开页面的设置只能针对本项目。请在“设置”中重新操作。",
        "en": "Public pages are set for the project itself. Do it again under Settings.",
    }
