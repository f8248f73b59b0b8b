"""Pages travel packed, unless whoever asks cannot unpack them."""

import gzip

import pytest

from service import compression
from tests.service.conftest import Office


def test_a_page_is_packed_for_whoever_can_unpack_it(office: Office) -> None:
    client = office.app.test_client()
    plain = client.get("/sign-in").data
    packed = client.get("/sign-in", headers={"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain)
    assert b"<!doctype html>" in gzip.decompress(packed.data)


def test_it_is_not_packed_for_whoever_cannot(office: Office) -> None:
    answer = office.app.test_client().get("/sign-in")
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_is_small_or_packed_already_stays_as_it_is(office: Office) -> None:
    answer = office.app.test_client().get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_its_length_tells_nothing_of_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({len(compression._packed(b"secret " * 1000)) for _ in range(200)}) > 10
    monkeypatch.setattr(compression, "_LONGEST_PADDING", 1)
    assert len({len(compression._packed(b"secret " * 1000)) for _ in range(200)}) == 1
