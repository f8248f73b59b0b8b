"""What only an S3-compatible store can do to us: refuse, be full, stay away, or lose the line in the middle.

The promises that both kinds of store keep are tested in `tests/storage/test_files.py`.
"""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from storage.files import DocumentFiles, FileDamaged
from storage.settings import Settings
from storage.stores import StoreUnavailable
from storage.stores.s3 import Bucket
from tests.servers import S3Server
from workers.errors import DiskFull, classify


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7 " + b"annual report " * 5000)
    return path


@pytest.fixture
def store_of_ones_own() -> Iterator[S3Server]:
    """A store that a test may switch off."""
    server = S3Server()
    yield server
    server.close()


def told(server: S3Server, tmp_path: Path, **other: str) -> Settings:
    return Settings(data_dir=tmp_path, **{**server.settings("somewhere/deep"), **other})


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"store_secret": "a wrong one"}, "SignatureDoesNotMatch"),
        ({"store_url": "s3://no-such-bucket"}, "NoSuchBucket"),
    ],
)
def test_a_store_that_refuses_is_told_apart_from_a_file_that_is_gone(
    s3_server: S3Server, tmp_path: Path, report: Path, other: dict[str, str], said: str
) -> None:
    files = DocumentFiles(told(s3_server, tmp_path, **other))
    with pytest.raises(StoreUnavailable, match=said):
        files.keep([report], job_id=1, fence=1)
    with pytest.raises(StoreUnavailable, match=said) as refusal:
        files.open("0000/job-1-fence-1.pdf", 1, "")
    assert "a wrong one" not in str(refusal.value)


def test_a_store_that_does_not_answer_is_no_lost_file(
    store_of_ones_own: S3Server, tmp_path: Path, report: Path
) -> None:
    files = DocumentFiles(told(store_of_ones_own, tmp_path))
    [kept] = files.keep([report], job_id=1, fence=1)
    store_of_ones_own.kill()
    with pytest.raises(StoreUnavailable, match="does not answer"):
        files.open(kept.storage_key, kept.size, kept.sha256)
    with pytest.raises(StoreUnavailable, match="does not answer"):
        list(files.listed())


def test_of_two_files_of_which_one_cannot_be_kept_neither_is(
    s3_server: S3Server, tmp_path: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = told(s3_server, tmp_path, store_url="s3://reports/neither")
    word = report.with_suffix(".docx")
    word.write_bytes(b"PK")
    real = Bucket._put

    def full(self: Bucket, key: str, source: Path) -> None:
        if source == word:
            refusal = {"Error": {"Code": "XMinioStorageFull", "Message": "no room"}}
            with self._asking():
                raise ClientError(refusal, "PutObject")
        real(self, key, source)

    monkeypatch.setattr(Bucket, "_put", full)
    files = DocumentFiles(settings)
    with pytest.raises(StoreUnavailable) as refusal:
        files.keep([report, word], job_id=1, fence=1)
    assert isinstance(classify(refusal.value), DiskFull)
    assert list(files.listed()) == []
    monkeypatch.undo()
    assert len(files.keep([report, word], job_id=1, fence=2)) == 2


def test_a_line_that_is_cut_in_the_middle_leaves_nothing_to_be_seen(s3_server: S3Server, tmp_path: Path) -> None:
    settings = told(s3_server, tmp_path, store_url="s3://reports/cut")
    files = DocumentFiles(settings)
    asked = {"Bucket": "reports", "Key": "cut/0000/job-1-fence-1.pdf"}
    address = urlsplit(Bucket(settings)._client.generate_presigned_url("put_object", asked))
    line = http.client.HTTPConnection(address.netloc, timeout=30)
    line.putrequest("PUT", f"{address.path}?{address.query}")
    line.putheader("Content-Length", "1000")
    line.endheaders(b"%PDF half of it")
    line.close()
    assert list(files.listed()) == []
    with pytest.raises(FileDamaged, match="missing"):
        files.open("0000/job-1-fence-1.pdf", 1000, "")


def test_offices_in_one_bucket_do_not_see_each_others_files(s3_server: S3Server, tmp_path: Path, report: Path) -> None:
    one = DocumentFiles(told(s3_server, tmp_path, store_url="s3://reports/one"))
    other = DocumentFiles(told(s3_server, tmp_path, store_url="s3://reports/one-more/"))
    [kept] = one.keep([report], job_id=1, fence=1)
    assert [file.key for file in one.listed()] == [kept.storage_key]
    assert list(other.listed()) == []
    other.discard([kept])
    with one.open(kept.storage_key, kept.size, kept.sha256) as file:
        assert file.read() == report.read_bytes()
