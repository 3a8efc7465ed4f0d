"""Which store the settings name."""

import logging
from functools import lru_cache
from urllib.parse import urlsplit

from plumbline.settings import Settings
from plumbline.storage.errors import StoreUnavailable
from plumbline.storage.folder import FolderStore
from plumbline.storage.interface import Store
from plumbline.storage.s3 import S3Store

log = logging.getLogger(__name__)


@lru_cache(maxsize=8)  # One S3 client for each process; tests open several.
def open_store(settings: Settings) -> Store:
    """The store in force: a folder in data_dir, or a bucket. Touches neither disk nor network yet."""
    if settings.store == "s3":
        return S3Store(settings)
    return FolderStore(settings.data_dir / "files")


def set_up(settings: Settings) -> list[str]:
    """Make the bucket or folder and let browsers of our origin send to it; what could not be done, in sentences.

    Called at start. A store that is down stops nothing: records still come in, and files wait on the phones.
    """
    try:
        said = open_store(settings).prepare([origin_of(settings.base_url)])
    except StoreUnavailable:
        said = ["The file store cannot be reached; files will wait on the phones until it can."]
    for sentence in said:
        log.warning(sentence)
    return said


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
