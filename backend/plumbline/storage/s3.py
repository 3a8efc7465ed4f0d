"""The S3 store, through boto3. Made for any S3-compatible server, so it trusts none to have checked anything.

The client is made at first use, once for each process: it costs 0.13 s and 16 MB.
"""

import logging
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from plumbline.settings import Settings
from plumbline.storage.errors import ObjectMissing, StoreFull, StoreUnavailable
from plumbline.storage.interface import CHUNK_BYTES, PartDone, Parts, Presigned, Unjoined, checked, incoming_key

log = logging.getLogger(__name__)
MISSING = {"NoSuchKey", "NoSuchUpload", "404", "NotFound"}
FULL = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507", "EntityTooLarge"}
SPOOL_BYTES = 8 * 1024 * 1024


@contextmanager
def _named(key: str = "") -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError  # type: ignore[import-untyped]

    try:
        yield
    except ClientError as bad:
        code = str(bad.response.get("Error", {}).get("Code", ""))
        if code in MISSING:
            raise ObjectMissing(key) from bad
        if code in FULL or bad.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 507:
            raise StoreFull() from bad
        log.error("The store answered %s to a request for %r.", code, key)
        raise StoreUnavailable() from bad
    except (BotoCoreError, HTTPClientError) as bad:
        log.error("The store cannot be reached: %s", bad)
        raise StoreUnavailable() from bad


class S3Writer:
    """Bytes gathered in memory or a temporary file, sent as one object at `commit`."""

    def __init__(self, store: "S3Store", key: str, part: dict[str, Any] | None = None) -> None:
        """`part`: upload id and number when this is one part of an object."""
        self._store, self._key, self._part = store, checked(key), part
        self._spool = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115 - closed in __exit__
        self._length = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._spool.write(chunk)
        self._length += len(chunk)

    def commit(self) -> None:
        """Send the object; the store's answer is the commit."""
        self._spool.seek(0)
        client = self._store.client
        send = client.upload_part if self._part else client.put_object
        with _named(self._key):
            send(
                Bucket=self._store.bucket,
                Key=self._key,
                Body=self._spool,
                ContentLength=self._length,
                **(self._part or {}),
            )


class S3Store:
    """Objects in one bucket."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._clients: dict[str, Any] = {}
        self.bucket = settings.s3_bucket

    @property
    def client(self) -> Any:
        """The client at the inner endpoint: everything but presigning."""
        return self._client(self._settings.s3_endpoint)

    def prepare(self, origins: list[str]) -> list[str]:
        """Make the bucket when it is missing and let browsers of `origins` PUT to it.

        Some servers take CORS as a start option only (rclone, MinIO); the answer then says so in one sentence.
        """
        self._make_bucket()
        rule = {
            "AllowedOrigins": origins,
            "AllowedMethods": ["PUT"],
            "AllowedHeaders": ["content-type"],
            "MaxAgeSeconds": 86400,
        }
        from botocore.exceptions import ClientError

        try:
            with _unreachable_named():
                self.client.put_bucket_cors(Bucket=self.bucket, CORSConfiguration={"CORSRules": [rule]})
        except ClientError as bad:
            code = bad.response.get("Error", {}).get("Code", "?")
            return [
                f"The store did not take CORS rules ({code}): allow PUT with Content-Type "
                f"from {', '.join(origins)} in the store's own configuration."
            ]
        return []

    def writer(self, key: str) -> S3Writer:
        """Begin to write an object."""
        return S3Writer(self, key)

    def put(self, key: str, chunks: Iterable[bytes]) -> int:
        """Write an object; returns its length in bytes."""
        total = 0
        with self.writer(key) as out:
            for chunk in chunks:
                out.write(chunk)
                total += len(chunk)
            out.commit()
        return total

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The object's bytes in chunks of at most 1 MiB. Raises ObjectMissing at the first chunk."""
        if length == 0:
            return
        ask: dict[str, Any] = {"Bucket": self.bucket, "Key": checked(key)}
        if start or length is not None:
            ask["Range"] = f"bytes={start}-{'' if length is None else start + length - 1}"
        with _named(key):
            body = self.client.get_object(**ask)["Body"]
            try:
                yield from body.iter_chunks(CHUNK_BYTES)
            finally:
                body.close()

    def size(self, key: str) -> int | None:
        """Length in bytes, None when there is no such object."""
        try:
            with _named(key):
                return int(self.client.head_object(Bucket=self.bucket, Key=checked(key))["ContentLength"])
        except ObjectMissing:
            return None

    def move(self, source: str, target: str, size_bytes: int | None = None) -> int:
        """Copy inside the store, see that the copy has the length, then delete the source.

        The source is asked for its length only where the copy has not the expected one. The copy forgets the type
        that the sender declared: whoever reads it without us gets bytes to download.
        """
        with _named(source):
            self.client.copy_object(
                Bucket=self.bucket,
                Key=checked(target),
                CopySource={"Bucket": self.bucket, "Key": checked(source)},
                MetadataDirective="REPLACE",
                ContentType="application/octet-stream",
                ContentDisposition="attachment",
            )
        copied = self.size(target)
        if copied is None or (copied != size_bytes and copied != self.size(source)):
            log.error("The store's copy of %r has another length.", source)
            raise StoreUnavailable()
        self.delete(source)
        return copied

    def delete(self, key: str) -> None:
        """Forget the object; one that is not there is no error."""
        try:
            with _named(key):
                self.client.delete_object(Bucket=self.bucket, Key=checked(key))
        except ObjectMissing:
            return

    def list(self, prefix: str) -> list[str]:
        """The keys below `prefix`, sorted."""
        checked(f"{prefix}/x")
        with _named(prefix):
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{prefix}/")
            return sorted(found["Key"] for page in pages for found in page.get("Contents", []))

    def presign_put(self, upload_id: UUID, size_bytes: int, mime: str, seconds: int) -> Presigned | None:
        """A URL at the public endpoint; content type and length are signed, the browser sets the length itself.

        No other header is signed: servers' fixed CORS lists refuse them, and none enforces a checksum header.
        """
        url = self._public.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self.bucket,
                "Key": incoming_key(upload_id),
                "ContentType": mime,
                "ContentLength": size_bytes,
            },
            ExpiresIn=seconds,
        )
        return Presigned(url, {"Content-Type": mime})

    def presign_get(self, key: str, filename: str, mime: str, seconds: int) -> str | None:
        """A URL at the public endpoint, whose answer says attachment and this type."""
        return str(
            self._public.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self.bucket,
                    "Key": checked(key),
                    "ResponseContentDisposition": f'attachment; filename="{filename}"',
                    "ResponseContentType": mime,
                    "ResponseCacheControl": "private, max-age=86400",
                },
                ExpiresIn=seconds,
            )
        )

    def begin_parts(self, upload_id: UUID) -> str:
        """Begin to take `incoming/<upload id>` in parts."""
        key = incoming_key(upload_id)
        with _named(key):
            return str(self.client.create_multipart_upload(Bucket=self.bucket, Key=key)["UploadId"])

    def part_writer(self, upload_id: UUID, multipart_id: str, number: int) -> S3Writer:
        """Begin to write one part; its `commit` raises ObjectMissing after join or drop."""
        return S3Writer(self, incoming_key(upload_id), {"UploadId": multipart_id, "PartNumber": number})

    def presign_part(
        self, upload_id: UUID, multipart_id: str, number: int, size_bytes: int, seconds: int
    ) -> Presigned | None:
        """A URL that takes just this part, of just this length."""
        part = {**self._part(upload_id, multipart_id), "PartNumber": number, "ContentLength": size_bytes}
        return Presigned(self._public.generate_presigned_url("upload_part", Params=part, ExpiresIn=seconds), {})

    def parts_done(self, upload_id: UUID, multipart_id: str) -> Parts:
        """The parts that are there, by number. Raises ObjectMissing after join or drop."""
        with _named(multipart_id):
            pages = self.client.get_paginator("list_parts").paginate(**self._part(upload_id, multipart_id))
            found = [part for page in pages for part in page.get("Parts", [])]
        return sorted(
            (PartDone(int(part["PartNumber"]), int(part["Size"]), part["ETag"]) for part in found),
            key=lambda part: part.number,
        )

    def join_parts(self, upload_id: UUID, multipart_id: str, parts: Parts) -> None:
        """Let the store make one object of them."""
        named = [{"PartNumber": part.number, "ETag": part.tag} for part in parts]
        with _named(multipart_id):
            self.client.complete_multipart_upload(
                **self._part(upload_id, multipart_id), MultipartUpload={"Parts": named}
            )

    def drop_parts(self, upload_id: UUID, multipart_id: str) -> None:
        """Forget the parts; none is no error."""
        with suppress(ObjectMissing), _named(multipart_id):
            self.client.abort_multipart_upload(**self._part(upload_id, multipart_id))

    def unjoined(self) -> Unjoined:
        """(upload id, multipart id) of all that began in parts and were neither joined nor dropped."""
        found: list[dict[str, Any]] = []
        with suppress(ObjectMissing), _named():  # Some servers answer NoSuchUpload where there is none.
            pages = self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket, Prefix="incoming/")
            found = [one for page in pages for one in page.get("Uploads", [])]
        return [(UUID(one["Key"].removeprefix("incoming/")), one["UploadId"]) for one in found]

    def _part(self, upload_id: UUID, multipart_id: str) -> dict[str, Any]:
        return {"Bucket": self.bucket, "Key": incoming_key(upload_id), "UploadId": multipart_id}

    @property
    def _public(self) -> Any:
        return self._client(self._settings.s3_public_endpoint or self._settings.s3_endpoint)

    def _make_bucket(self) -> None:
        from botocore.exceptions import ClientError

        try:
            with _unreachable_named():
                self.client.create_bucket(Bucket=self.bucket)
        except ClientError as bad:
            if bad.response.get("Error", {}).get("Code") not in ("BucketAlreadyExists", "BucketAlreadyOwnedByYou"):
                raise StoreUnavailable() from bad
        with _named(self.bucket):  # It exists; is it ours to use?
            self.client.list_objects_v2(Bucket=self.bucket, MaxKeys=1)

    def _client(self, endpoint: str) -> Any:
        with self._lock:
            if endpoint not in self._clients:
                self._clients[endpoint] = _connect(self._settings, endpoint)
            return self._clients[endpoint]


@contextmanager
def _unreachable_named() -> Iterator[None]:
    """Name only the store that cannot be reached; what it answers is for the caller to judge."""
    from botocore.exceptions import BotoCoreError, HTTPClientError

    try:
        yield
    except (BotoCoreError, HTTPClientError) as bad:
        raise StoreUnavailable() from bad


def _connect(settings: Settings, endpoint: str) -> Any:
    import boto3  # type: ignore[import-untyped]  # boto3 ships no types.
    from botocore.config import Config  # type: ignore[import-untyped]
    from botocore.session import get_session  # type: ignore[import-untyped]

    session = get_session()
    # Dates of the store's answers are for nobody here, and reading one takes as long as signing a request.
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=str)
    return boto3.Session(botocore_session=session).client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=settings.s3_access_key,
        aws_secret_access_key=settings.s3_secret_key,
        region_name=settings.s3_region,
        config=Config(
            signature_version="s3v4",  # Without it URLs are presigned with the old query signature.
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",  # Many S3-compatible servers know no checksum trailers.
            response_checksum_validation="when_required",
            connect_timeout=5,
            read_timeout=60,
            retries={"max_attempts": 3, "mode": "standard"},
            max_pool_connections=32,
            user_agent="plumbline",  # Without it the name is put together anew, twice for each request.
        ),
    )
