"""What an error of the database or the disk means to a foreman: nothing was kept, send again later.

Every write is one transaction, so a request that meets a full disk or a database that is away has done nothing,
and the phone's outbox sends it again. That must not look like a crash.
"""

import errno
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from plumbline.problems import Problem

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# PostgreSQL: connection, resources, operator, read-only standby, serialization, lock timeout. Appendix A of its manual.
PASSING_STATES = ("08", "53", "57", "25006", "40", "55P03")
PG_DISK_FULL = "53100"
# SQLite: busy, locked, read-only, input/output, cannot open. https://sqlite.org/rescode.html
PASSING_CODES = (5, 6, 8, 10, 14)
SQLITE_FULL = 13
SQLITE_IOERR_SHMSIZE = 4874  # The index of the write-ahead log could not grow: the disk is full too.
RETRY_AFTER_S = 3


class DiskFull(Problem):
    """The server's disk has no room for another record; reading goes on."""

    slug = "disk-full"
    status = 507
    title = {"zh": "服务器磁盘已满", "en": "Server's disk is full"}
    detail = {
        "zh": "服务器磁盘已满，这次发送的内容没有保存，仍在本机，腾出空间后会自动重发。请通知管理员。",
        "en": "The server's disk is full, so nothing of this was kept. It stays on this phone and is sent again by "
        "itself once there is room. Tell the administrator.",
    }


class DatabaseUnavailable(Problem):
    """The database does not answer just now; nothing was kept."""

    slug = "database-unavailable"
    status = 503
    title = {"zh": "数据库暂不可用", "en": "Database unavailable"}
    detail = {
        "zh": "服务器的数据库暂时无法访问，未确认的内容仍在本机，稍后会自动重发。",
        "en": "The server's database cannot be reached just now. What was not confirmed stays on this phone and is "
        "sent again by itself.",
    }


def problem_of(error: BaseException) -> Problem | None:
    """The refusal that an error of database or disk amounts to; None for anything else, which is a fault of ours."""
    if not isinstance(error, SQLAlchemyError | OSError):
        return None
    chain = list(_chain(error))
    if any(_is_full(one) for one in chain):
        return DiskFull()
    if any(_is_passing(one) for one in chain):
        return DatabaseUnavailable(retry_after_s=RETRY_AFTER_S)
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those it was raised from: rolling back on a full disk fails too, and hides why."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_full(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return error.sqlite_errorcode in (SQLITE_FULL, SQLITE_IOERR_SHMSIZE) if _has_code(error) else False
    if isinstance(error, OSError):
        return error.errno in NO_SPACE
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == PG_DISK_FULL


def _is_passing(error: BaseException) -> bool:
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return _has_code(error.orig) and error.orig.sqlite_errorcode & 0xFF in PASSING_CODES
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # Without a state the server never answered: the connection is gone or was not made.
        return isinstance(error, OperationalError | InterfaceError)
    return str(state).startswith(PASSING_STATES)


def _has_code(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", None) is not None
