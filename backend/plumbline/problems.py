"""Refusals as RFC 9457 problem documents, in Chinese and English.

Each refusal is a subclass of Problem with a slug, a status, a title and one sentence a foreman can act on.
`type` is /problems/<slug> and never changes meaning. Numbers and ids travel as extra members.
"""

from typing import Any, ClassVar, Literal

Lang = Literal["zh", "en"]
JSON = dict[str, Any]
RESERVED = {"type", "title", "status", "detail", "instance", "slug"}


class Problem(Exception):
    """Base of all refusals. Extra keyword arguments fill `detail` and become members of the document."""

    slug: ClassVar[str] = ""
    status: ClassVar[int] = 400
    title: ClassVar[dict[Lang, str]]
    detail: ClassVar[dict[Lang, str]]

    def __init__(self, **extra: Any) -> None:
        if taken := RESERVED & set(extra):
            raise ValueError(f"members that RFC 9457 gives a meaning: {sorted(taken)}")
        self.extra = {
            k: v if isinstance(v, int | bool | list | dict | type(None)) else str(v) for k, v in extra.items()
        }
        super().__init__(f"{self.slug} {self.extra}")

    def document(self, lang: Lang = "en") -> JSON:
        """The problem document in one language."""
        return render(self.stored(), lang)

    def stored(self) -> JSON:
        """What the database keeps of a refusal: slug and facts, no language."""
        return {"slug": self.slug, **self.extra}


def _all(of: type[Problem]) -> list[type[Problem]]:
    return [c for sub in of.__subclasses__() for c in (sub, *_all(sub))]


def every_problem() -> list[type[Problem]]:
    """All refusals known, in the order of their slugs."""
    return sorted((p for p in _all(Problem) if p.slug), key=lambda p: p.slug)


class _Words(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def render(stored: JSON, lang: Lang) -> JSON:
    """A stored refusal as problem document; an unknown slug (from a later version) keeps its facts."""
    extra = {k: v for k, v in stored.items() if k != "slug"}
    slug = stored["slug"]
    kind = next((p for p in every_problem() if p.slug == slug), None)
    if kind is None:
        return {"type": f"/problems/{slug}", "title": slug, "status": 400, "detail": slug, **extra}
    words = _Words({k: _said(v, lang) for k, v in extra.items()})
    return {
        "type": f"/problems/{slug}",
        "title": kind.title[lang],
        "status": kind.status,
        "detail": kind.detail[lang].format_map(words),
        **extra,
    }


def _said(value: Any, lang: Lang) -> Any:
    if isinstance(value, dict) and lang in value:
        return value[lang]
    if isinstance(value, list):
        return ("、" if lang == "zh" else ", ").join(str(_said(v, lang)) for v in value)
    return value


def language(accept: str | None) -> Lang:
    """The reader's language by Accept-Language: Chinese when it comes first, else English."""
    for part in (accept or "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "en"


class NotFound(Problem):
    """Not there, or not yours: both look the same from outside."""

    slug = "not-found"
    status = 404
    title = {"zh": "没有找到", "en": "Not found"}
    detail = {
        "zh": "没有这条记录，或您无权查看。请核对编号和项目。",
        "en": "No such record, or it is not yours to see. Check the code and the project.",
    }


class SignInNeeded(Problem):
    """No valid access token came with the request."""

    slug = "sign-in-needed"
    status = 401
    title = {"zh": "需要登录", "en": "Sign in needed"}
    detail = {
        "zh": "登录已过期或无效，请重新登录；未发送的记录仍在本机。",
        "en": "The sign-in is missing or has ended. Sign in again; unsent records stay on this phone.",
    }


class NotAllowed(Problem):
    """The person is a member but lacks the role."""

    slug = "not-allowed"
    status = 403
    title = {"zh": "无权操作", "en": "Not allowed"}
    detail = {
        "zh": "您的岗位不能执行“{act}”。可以执行的岗位：{roles}。",
        "en": "Your role may not do “{act}”. These roles may: {roles}.",
    }


class Malformed(Problem):
    """The request does not have the form that the route reads; `errors` points at each field."""

    slug = "malformed"
    status = 422
    title = {"zh": "格式不对", "en": "Malformed"}
    detail = {
        "zh": "提交的内容有误：{what}。请改正后再发。",
        "en": "What was sent cannot be read: {what}. Correct it and send again.",
    }


class TooLarge(Problem):
    """The body is larger than the route takes."""

    slug = "too-large"
    status = 413
    title = {"zh": "内容过大", "en": "Too large"}
    detail = {"zh": "一次最多 {limit} 字节。请分批发送。", "en": "At most {limit} bytes at once. Send it in parts."}


class Unexpected(Problem):
    """An error of ours; the log has the line with this request id."""

    slug = "unexpected"
    status = 500
    title = {"zh": "服务器出错", "en": "Server error"}
    detail = {
        "zh": "服务器出错，已记录(编号 {request})。未确认的记录请稍后重发。",
        "en": "The server failed and noted it (number {request}). Send again later what was not confirmed.",
    }
