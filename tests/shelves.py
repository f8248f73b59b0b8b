"""What a store holds, seen and spoilt behind the service's back: the files of a folder, the objects of a bucket."""

from dataclasses import dataclass
from typing import Any

import boto3

from storage.settings import Settings
from tests.servers import S3Server


@dataclass(frozen=True)
class FolderShelf:
    """A folder of this machine."""

    settings: Settings

    def listed(self) -> list[str]:
        root = self.settings.documents_dir
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

    def read(self, key: str) -> bytes:
        return (self.settings.documents_dir / key).read_bytes()

    def spoil(self, key: str, contents: bytes) -> None:
        (self.settings.documents_dir / key).write_bytes(contents)


@dataclass(frozen=True)
class BucketShelf:
    """A prefix of a bucket."""

    settings: Settings
    server: S3Server
    prefix: str

    def listed(self) -> list[str]:
        listed = self._client.list_objects_v2(Bucket=self.server.bucket, Prefix=f"{self.prefix}/")
        return sorted(one["Key"].removeprefix(f"{self.prefix}/") for one in listed.get("Contents", ()))

    def read(self, key: str) -> bytes:
        got = self._client.get_object(Bucket=self.server.bucket, Key=f"{self.prefix}/{key}")
        contents: bytes = got["Body"].read()
        return contents

    def spoil(self, key: str, contents: bytes) -> None:
        self._client.put_object(Bucket=self.server.bucket, Key=f"{self.prefix}/{key}", Body=contents)

    @property
    def _client(self) -> Any:
        server = self.server
        return boto3.client(
            "s3",
            endpoint_url=server.endpoint,
            region_name="us-east-1",
            aws_access_key_id=server.key_id,
            aws_secret_access_key=server.secret,
        )


Shelf = FolderShelf | BucketShelf


def bucket_shelf(settings: Settings, server: S3Server, prefix: str) -> BucketShelf:
    """The same settings with documents in a bucket."""
    told = settings.model_dump(exclude_unset=True) | server.settings(prefix)
    return BucketShelf(Settings(**told), server, prefix)
