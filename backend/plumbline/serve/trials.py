"""What `plumbline doctor` tries, one function each: it returns a note, or raises Wrong with what to do about it."""

import shutil
import socket
import ssl
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from plumbline import db, jobs, schema
from plumbline.problems import Lang
from plumbline.serve.asking import answer_of
from plumbline.settings import Settings
from plumbline.storage.errors import StoreFull, StoreUnavailable
from plumbline.storage.interface import incoming_key
from plumbline.storage.service import open_store, origin_of

PROBE = b"Plumbline was here.\n"
LEAST_FREE_BYTES = 2_000_000_000
# S3 refuses signatures that are a quarter of an hour off; what is off by a minute already shows wrong times.
MOST_SKEW_S = 60
JOB_WAIT_S = 8.0
LEAST_CERTIFICATE_DAYS = 14
WAIT_S = 10

Sentence = dict[Lang, str]


class Wrong(Exception):
    """A finding: what is wrong and what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.said: Sentence = {"zh": zh, "en": en}
        super().__init__(en)


def right(zh: str, en: str | None = None) -> Sentence:
    """A note on something that is as it should be."""
    return {"zh": zh, "en": en or zh}


def database(engine: Engine) -> Sentence:
    """A row is read."""
    try:
        with engine.connect().execution_options(ro=True) as connection:
            name = connection.dialect.name
            asked = "SELECT sqlite_version()" if name == "sqlite" else "SHOW server_version"
            return right(f"{name} {connection.execute(text(asked)).scalar()}")
    except SQLAlchemyError as bad:
        kind = type(bad).__name__
        raise Wrong(
            f"无法连接数据库({kind})，请检查数据库服务和 PLUMBLINE_DATABASE_URL。",
            f"The database cannot be reached ({kind}). Look after it, and after PLUMBLINE_DATABASE_URL.",
        ) from bad


def schema_is_present(engine: Engine) -> Sentence:
    """The database has the newest revision."""
    try:
        present = schema.current(engine)
    except SQLAlchemyError as bad:
        raise Wrong("数据库没有应答。", "The database does not answer.") from bad
    if present != schema.head():
        raise Wrong(
            f"数据库结构是 {present or '空的'}，应为 {schema.head()}。请运行：plumbline migrate",
            f"The schema is at {present or 'nothing'}, not at {schema.head()}. Run: plumbline migrate",
        )
    return right(f"{present}")


def store(settings: Settings) -> Sentence:
    """Bytes are written, read back, deleted."""
    held, key = open_store(settings), incoming_key(uuid4())
    try:
        held.put(key, [PROBE])
        came_back = b"".join(held.read(key))
        held.delete(key)
    except StoreFull as full:
        raise Wrong("文件存储已满，请扩容。", "The store is full. Give it more room.") from full
    except (StoreUnavailable, OSError) as bad:
        if settings.store == "folder":
            files = settings.data_dir.absolute() / "files"
            raise Wrong(
                f"文件夹 {files} 不能写入和读回，或不是原来的那个：磁盘没有挂载、只读，或权限不对。请修复。"
                f"确已丢失时，删除 {files}.known，再恢复备份。",
                f"The folder {files} does not take and give back bytes, or is not the one that was here: a disk that "
                "is not mounted or is read-only, or rights that are missing. Mend that. If it is lost for good, "
                f"delete {files}.known and restore the backup.",
            ) from bad
        raise Wrong(
            "文件存储不能写入和读回，原因见日志；请检查 PLUMBLINE_S3_… 设置。",
            "The store does not take and give back bytes; the log says why. Check the PLUMBLINE_S3_… settings.",
        ) from bad
    if came_back != PROBE:
        raise Wrong(
            "文件存储读回的内容与写入的不同，请勿使用。",
            "The store gave back other bytes than it was given. Do not use it.",
        )
    return right(f"{settings.store}：已写入、读回、删除", f"{settings.store}: written, read back, deleted")


def upload(settings: Settings) -> Sentence:
    """The way of a browser: ask by CORS, PUT to the presigned address, and we find the bytes."""
    held, upload_id = open_store(settings), uuid4()
    signed = held.presign_put(upload_id, len(PROBE), "text/plain", 60)
    if signed is None:
        return right("经由服务器自身", "through the server's own route")
    origin = origin_of(settings.base_url)
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    status, headers = _asked("OPTIONS", signed.url, asked)
    if status >= 400 or headers.get("access-control-allow-origin") not in (origin, "*"):
        raise Wrong(
            f"文件存储拒绝来自 {origin} 的浏览器(CORS)。请允许从该地址以 Content-Type 执行 PUT。",
            f"The store refuses browsers that come from {origin} (CORS). Allow PUT with Content-Type from there.",
        )
    status, _ = _asked("PUT", signed.url, {"Origin": origin, **signed.headers}, PROBE)
    if status >= 400:
        raise Wrong(
            f"文件存储以 {status} 拒绝预签名上传，请核对密钥、时钟，以及代理是否改动了主机名和路径。",
            f"The store answered {status} to a presigned PUT. Check the keys, the clocks, and whether a proxy changes "
            "host or path.",
        )
    if held.size(incoming_key(upload_id)) != len(PROBE):
        raise Wrong(
            "经公网地址上传的文件没有到达我们的桶。两个 S3 地址是同一个存储吗？",
            "An upload to the public address did not arrive in our bucket. Are both endpoints the same store?",
        )
    held.delete(incoming_key(upload_id))
    where = urlsplit(signed.url).netloc
    return right(f"以 {origin} 的浏览器身份上传到 {where}", f"as a browser from {origin} to {where}")


def _asked(method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> tuple[int, dict[str, str]]:
    try:
        return answer_of(method, url, headers, body, WAIT_S)
    except OSError as bad:
        where = urlsplit(url).netloc
        raise Wrong(
            f"从这里无法连接文件存储 {where}。请检查 PLUMBLINE_S3_PUBLIC_ENDPOINT。",
            f"The store at {where} cannot be reached from here. Check PLUMBLINE_S3_PUBLIC_ENDPOINT.",
        ) from bad


def clock(engine: Engine, settings: Settings) -> Sentence:
    """Our clock against the database's and the store's."""
    others: dict[str, datetime] = {}
    if not settings.is_sqlite:
        try:
            with engine.connect() as connection:
                others["PostgreSQL"] = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        except SQLAlchemyError as bad:
            raise Wrong("数据库没有应答，无法核对时钟。", "The database does not tell its time.") from bad
    if settings.store == "s3":
        _, headers = _asked("GET", settings.s3_endpoint, {})
        if "date" in headers:
            others["S3"] = parsedate_to_datetime(headers["date"])
    skews = {name: (db.now() - theirs).total_seconds() for name, theirs in others.items()}
    for name, skew_s in skews.items():
        if abs(skew_s) > MOST_SKEW_S:
            zh, en = ("快", "ahead of") if skew_s > 0 else ("慢", "behind")
            raise Wrong(
                f"本机时钟比 {name} {zh} {abs(skew_s):.0f} 秒；上传链接会失效，记录时间会出错。请在两处启用 NTP。",
                f"This machine's clock is {abs(skew_s):.0f} s {en} {name}'s: upload links fail and times are wrong. "
                "Switch NTP on, on both.",
            )
    if not skews:
        return right("数据和文件都在本机", "database and files are on this machine")
    return right(", ".join(f"{name} {skew_s:+.1f} s" for name, skew_s in skews.items()))


def jobs_are_done(engine: Engine, settings: Settings) -> Sentence:
    """A job that does nothing is given to whoever runs jobs here."""
    if settings.jobs == "off":
        return right("已关闭", "switched off")
    if settings.jobs == "embedded" and not _serves(settings):
        return right("随服务器运行；服务器现在没有启动", "run inside the server, which is not running now")
    key = str(uuid4())
    try:
        with db.writing(engine) as session:
            jobs.enqueue(session, "probe", key)
        end = time.monotonic() + JOB_WAIT_S
        while not (is_done := jobs.is_done(engine, "probe", key)) and time.monotonic() < end:
            time.sleep(0.1)
        jobs.forget(engine, "probe", key)
    except SQLAlchemyError as bad:
        raise Wrong("数据库没有应答。", "The database does not answer.") from bad
    if not is_done:
        raise Wrong(
            f"{JOB_WAIT_S:.0f} 秒内没有进程接手任务，照片不会生成预览。请启动 plumbline worker。",
            f"Nobody took a job within {JOB_WAIT_S:.0f} s, so photos get no previews. Start: plumbline worker",
        )
    return right("任务已完成", "a job was taken and done")


def _serves(settings: Settings) -> bool:
    """Whether a server with this data answers: an embedded one runs where its address says."""
    try:
        answer_of("GET", f"{settings.base_url.rstrip('/')}/api/health", {}, None, 2)
    except OSError as bad:
        return isinstance(getattr(bad, "reason", None), ssl.SSLError)
    return True


def disk(settings: Settings) -> Sentence:
    """There is room where the data lies."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    if free < LEAST_FREE_BYTES:
        raise Wrong(
            f"{settings.data_dir} 所在磁盘只剩 {free / 1e9:.1f} GB，请清理或扩容。",
            f"Only {free / 1e9:.1f} GB are free where {settings.data_dir} lies. Make room.",
        )
    return right(f"剩余 {free / 1e9:.0f} GB", f"{free / 1e9:.0f} GB free")


def address(settings: Settings) -> Sentence:
    """Phones get a secure context."""
    url = urlsplit(settings.base_url)
    if url.scheme != "https" and url.hostname not in ("localhost", "127.0.0.1"):
        raise Wrong(
            f"{settings.base_url} 不是安全地址：手机不能拍照、定位和离线工作。请改用 https。",
            f"{settings.base_url} is not secure: phones get no camera, position or offline work. Use https.",
        )
    return right(settings.base_url)


def certificate(settings: Settings) -> Sentence:
    """The certificate that phones are shown at base_url holds, and does not end soon."""
    url, own = urlsplit(settings.base_url), settings.data_dir / "tls" / "ca.crt"
    if url.scheme != "https":
        return right("未使用 https", "no https in use")
    context = ssl.create_default_context(cafile=str(own) if own.is_file() else None)
    host, port = url.hostname or "", url.port or 443
    try:
        with socket.create_connection((host, port), WAIT_S) as raw, context.wrap_socket(raw, server_hostname=host) as s:
            ends_at = ssl.cert_time_to_seconds(str((s.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as bad:
        raise Wrong(
            f"{host} 的证书无效：{bad.verify_message}。请重启 serve --tls 或检查代理的证书。",
            f"The certificate of {host} does not hold: {bad.verify_message}. Start serve --tls again, or look after "
            "the proxy's certificate.",
        ) from bad
    except OSError:
        return right(
            f"从这里无法连接 {host}:{port}，未检查", f"{host}:{port} cannot be reached from here: not looked at"
        )
    left = (datetime.fromtimestamp(ends_at, UTC) - db.now()).days
    if left < LEAST_CERTIFICATE_DAYS:
        raise Wrong(
            f"{host} 的证书 {left} 天后到期，却没有自动续签。请查看日志。",
            f"The certificate of {host} ends in {left} days and nobody renewed it. Look at the log.",
        )
    return right(f"还有 {left} 天", f"good for {left} days")


def front_end(settings: Settings) -> Sentence:
    """The front end is built and compressed."""
    index = settings.pwa_dir / "index.html"
    if not index.is_file():
        raise Wrong(f"没有 {index}。请运行：make pwa", f"There is no {index}. Run: make pwa")
    if not list(settings.pwa_dir.glob("assets/*.br")):
        run = "python -m plumbline.serve.compress pwa/dist"
        raise Wrong(f"静态文件没有压缩版本。请运行：{run}", f"The assets have no compressed siblings. Run: {run}")
    return right("已构建并压缩", "built and compressed")


def fonts() -> Sentence:
    """Labels can be drawn in Chinese."""
    try:
        from plumbline.reports.typesetting import font

        name = " ".join(part for part in font(20).getname() if part)
    except (ImportError, OSError) as bad:
        raise Wrong(
            "缺少中文字体，无法打印标签。请运行：pip install pylopdf-fonts-zh-cn",
            "The Chinese font is missing, so no label can be printed. Run: pip install pylopdf-fonts-zh-cn",
        ) from bad
    return right(name)
