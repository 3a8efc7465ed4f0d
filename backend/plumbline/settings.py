"""Settings: one typed class, read from the environment (PLUMBLINE_*) and an optional TOML file.

A bad value stops the start with a sentence. Secrets may come from a file: PLUMBLINE_<NAME>_FILE.
"""

import hmac
import os
import secrets
import sys
import tomllib
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ("token_secret", "s3_secret_key", "database_url")


class Settings(BaseSettings):
    """Every value that an operator may set; unit and consequence beside each."""

    model_config = SettingsConfigDict(env_prefix="PLUMBLINE_", extra="forbid", frozen=True)

    data_dir: Path = Field(Path("var"), description="Folder of the embedded database, files, keys and certificates.")
    database_url: str = Field(
        "", description="SQLAlchemy URL; empty = SQLite in data_dir. PostgreSQL: postgresql+psycopg://…"
    )
    store: Literal["folder", "s3"] = Field(
        "folder", description="Where evidence lies: a folder in data_dir, or an S3 bucket."
    )
    s3_endpoint: str = Field("", description="URL at which the server reaches the S3 store.")
    s3_public_endpoint: str = Field("", description="URL at which browsers reach the store; empty = s3_endpoint.")
    s3_bucket: str = Field("plumbline", description="Bucket of the evidence.")
    s3_region: str = Field("us-east-1", description="Region that signatures name.")
    s3_access_key: str = Field("", description="Access key of the store.")
    s3_secret_key: str = Field("", description="Secret key of the store; or PLUMBLINE_S3_SECRET_KEY_FILE.")
    base_url: str = Field("http://localhost:8000", description="Address printed in QR codes and links.")
    token_secret: str = Field(
        "", description="Root of all server keys, ≥ 32 characters, alike in every process; empty = made in data_dir."
    )
    access_token_minutes: int = Field(10, ge=1, le=60, description="Life of an access token, minutes.")
    refresh_token_days: int = Field(60, ge=1, le=365, description="Life of an unused refresh token, days.")
    proxies: int = Field(
        0, ge=0, le=5, description="Proxies in front that append to X-Forwarded-For; 0: the peer is the client."
    )
    proxy_networks: str = Field(
        "127.0.0.0/8,::1/128", description="Networks of those proxies; nobody else's X-Forwarded-For is believed."
    )
    invite_hours: int = Field(72, ge=1, le=720, description="Life of an invitation, hours.")
    grant_days: int = Field(180, ge=1, le=1100, description="Longest life of a link for people without account, days.")
    feed_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="Days that deletions stay in the feed; a phone away longer loads the project anew.",
    )
    upload_minutes: int = Field(15, ge=1, le=120, description="Life of an upload URL, minutes.")
    max_file_mb: int = Field(
        1500,
        ge=1,
        le=5000,
        description="Largest evidence file accepted, MB; 3 minutes of video at 50 Mbit/s are 1,125.",
    )
    orphan_days: int = Field(
        30, ge=1, le=3650, description="Days that files named by no act, and uploads never completed, are kept."
    )
    push_contact: str = Field(
        "", description="Mail address told to push services, for trouble; empty = plumbline@ the host of base_url."
    )
    push_unsent_hours: int = Field(
        12, ge=1, le=720, description="Hours that files of an act may be missing before its phone is reminded."
    )
    push_private: bool = Field(
        False, description="Let messages go to http and private addresses: a push service of one's own network."
    )
    jobs: Literal["embedded", "worker", "off"] = Field(
        "embedded", description="Where jobs run: in this API process, in `plumbline worker`, or not at all (tests)."
    )
    executor_id: str = Field(
        "plumbline-1", description="Name under which jobs are run; a second process with the same one is called ….2."
    )
    pwa_dir: Path = Field(ROOT / "pwa" / "dist", description="Folder of the built PWA.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least level that is logged.")
    metrics_port: int = Field(
        0, ge=0, le=65535, description="Port of /metrics for Prometheus, one for each server on a machine; 0: none."
    )
    metrics_host: str = Field(
        "127.0.0.1", description="Address of /metrics; whoever reaches it reads how much is done here, but no names."
    )
    traces_endpoint: str = Field(
        "", description="URL of an OpenTelemetry collector (…/v1/traces); empty: no traces. Needs plumbline[otel]."
    )
    pool_size: int = Field(10, ge=1, le=200, description="PostgreSQL connections that a process keeps.")
    pg_bin: str = Field(
        "", description="Folder of pg_dump and pg_restore, for backups of PostgreSQL; empty = found on PATH."
    )

    @model_validator(mode="after")
    def _belongs_together(self) -> "Settings":
        if self.store == "s3" and not (self.s3_endpoint and self.s3_access_key and self.s3_secret_key):
            raise ValueError("store is s3, so s3_endpoint, s3_access_key and s3_secret_key must be set")
        if self.token_secret and len(self.token_secret) < 32:
            raise ValueError("token_secret must have at least 32 characters")
        if self.database_url and not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("database_url must start with sqlite:/// or postgresql+psycopg://")
        networks(self.proxy_networks)
        return self

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'plumbline.db').absolute()}"

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is in use."""
        return self.database.startswith("sqlite")

    @property
    def database_file(self) -> Path:
        """Where the embedded database lies."""
        return Path(self.database.removeprefix("sqlite:///"))

    @property
    def push_from(self) -> str:
        """The mail address that push services are told."""
        return self.push_contact or f"plumbline@{urlsplit(self.base_url).hostname or 'localhost'}"

    def secret(self, name: str) -> bytes:
        """A 32-byte secret kept in data_dir/secrets, made at first use, or drawn from token_secret when that is set."""
        if self.token_secret:
            return hmac.digest(self.token_secret.encode(), name.encode(), "sha256")
        path = self.data_dir / "secrets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _create(path, secrets.token_bytes(32))
        return path.read_bytes()


def networks(listed: str) -> list[IPv4Network | IPv6Network]:
    """Networks from a list with commas; an address alone is a network of one. Raises ValueError."""
    return [ip_network(part.strip()) for part in listed.split(",") if part.strip()]


def _create(path: Path, content: bytes) -> None:
    """Write a file that nobody sees half-written; when two processes start at once, the first one's stays."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


def _from_file() -> dict[str, Any]:
    path = os.environ.get("PLUMBLINE_SETTINGS_FILE")
    return tomllib.loads(Path(path).read_text("utf-8")) if path else {}


def _from_secret_files() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in SECRETS:
        path = os.environ.get(f"PLUMBLINE_{name.upper()}_FILE")
        if path:
            found[name] = Path(path).read_text("utf-8").strip()
    return found


def load(**overrides: Any) -> Settings:
    """Read the settings: file, then environment, then secret files, then `overrides`. Raises ValidationError."""
    known = {k: v for k, v in _from_file().items() if f"PLUMBLINE_{k.upper()}" not in os.environ}
    return Settings(**{**known, **_from_secret_files(), **overrides})


def load_or_stop(**overrides: Any) -> Settings:
    """Like `load`, but a bad value ends the process with one sentence for each."""
    try:
        return load(**overrides)
    except ValidationError as bad:
        for e in bad.errors():
            name = ".".join(str(p) for p in e["loc"]) or "settings"
            sys.stderr.write(f"Setting {name}: {e['msg']}. Mend it in the environment (PLUMBLINE_…) or the file.\n")
    except (OSError, tomllib.TOMLDecodeError) as bad_file:
        sys.stderr.write(f"The settings file cannot be read: {bad_file}\n")
    raise SystemExit(2)
