"""Which store the settings name."""

from functools import lru_cache

from plumbline.settings import Settings
from plumbline.storage.folder import FolderStore
from plumbline.storage.interface import Store
from plumbline.storage.s3 import S3Store


@lru_cache(maxsize=8)  # One S3 client for each process; tests open several.
def open_store(settings: Settings) -> Store:
    """The store in force: a folder in data_dir, or a bucket. Touches neither disk nor network yet."""
    if settings.store == "s3":
        return S3Store(settings)
    return FolderStore(settings.data_dir / "files")
