"""Files in an S3-compatible store. An object is seen whole or not at all: that is the store's own promise."""

import base64
import errno
import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from storage.settings import Settings
from storage.stores.room import Found, Listed, StoreUnavailable

CONNECT_SECONDS: Final = 5
READ_SECONDS: Final = 30
ATTEMPTS: Final = 3
# Said by stores that have no room left, each in its own way.
_FULL: Final = frozenset(
    {"QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage"}
)


class Bucket:
    """The objects of a bucket whose names begin with a prefix."""

    def __init__(self, settings: Settings) -> None:
        name, _, prefix = str(settings.store_url).removeprefix("s3://").partition("/")
        self._bucket, self._prefix = name, prefix and prefix.strip("/") + "/"
        secret = settings.store_secret and settings.store_secret.get_secret_value()
        self._client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=settings.store_endpoint,
            region_name=settings.store_region or "us-east-1",
            aws_access_key_id=settings.store_key_id,
            aws_secret_access_key=secret,
            config=_config(settings),
        )

    def put(self, files: Mapping[str, Path]) -> None:
        """All of these or none: what a failure leaves of them is taken away, or is an orphan for the scan."""
        try:
            for key, source in files.items():
                self._put(key, source)
        except BaseException:
            for key in files:
                with suppress(OSError):
                    self.remove(key)
            raise

    def get(self, key: str) -> Found:
        """The object in memory: reports have some hundred kilobytes. It has come anew, so it is checked anew."""
        with self._asking():
            contents = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)["Body"].read()
        return Found(io.BytesIO(contents), len(contents), None)

    def remove(self, key: str) -> None:
        """Take an object away, if it is there."""
        with self._asking():
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + key)

    def listed(self, prefix: str = "") -> Iterator[Listed]:
        """The objects, with their ages by the store's own clock."""
        pages = self._client.get_paginator("list_objects_v2")
        with self._asking():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
                now = parsedate_to_datetime(page["ResponseMetadata"]["HTTPHeaders"]["date"])
                for one in page.get("Contents", ()):
                    age = max(0.0, (now - one["LastModified"]).total_seconds())
                    yield Listed(one["Key"].removeprefix(self._prefix), age)

    def _put(self, key: str, source: Path) -> None:
        contents = source.read_bytes()
        # The store compares it with what has arrived.
        md5 = base64.b64encode(hashlib.md5(contents, usedforsecurity=False).digest()).decode()
        with self._asking():
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=contents, ContentMD5=md5)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise _refusal(error) from None
        except BotoCoreError as error:
            raise StoreUnavailable(errno.EHOSTUNREACH, f"store does not answer: {error}") from None


def _refusal(error: ClientError) -> OSError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in ("NoSuchKey", "404"):
        return FileNotFoundError(errno.ENOENT, "no such object")
    number = errno.ENOSPC if code in _FULL else errno.EACCES
    return StoreUnavailable(number, f"store refuses: {error}")


def _config(settings: Settings) -> Config:
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        s3={"addressing_style": settings.store_addressing},
        # Newer checksums are unknown to many stores that are called compatible; ours is checked on each reading.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
