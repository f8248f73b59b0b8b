"""JSON is read as it was meant: nothing overwritten, nothing rounded, nothing guessed."""

import pytest

from reports.strict_json import NotJson, Numeral, loads
from tests.people import shown

FOUR_MEGABYTES = 4 * 1024 * 1024
REFUSED = [
    (b"", "不是 JSON"),
    (b"{", "第 1 行第 2 列起不是 JSON"),
    (b"[1,\n2,,]", "第 2 行第 3 列起不是 JSON"),
    (b"{'a': 1}", "不是 JSON"),
    (b"{} {}", "不是 JSON"),
    (b'"\x01"', "不是 JSON"),
    (b"NaN", "NaN 不是数"),
    (b"[-Infinity]", "-Infinity 不是数"),
    ("《年报》".encode("gb18030"), "第 1 个字节起不是 UTF-8 编码"),
    ("年报".encode("utf-16"), "不是 UTF-8 编码"),
    (b'{"a": "\xed\xa0\x80"}', "第 8 个字节起不是 UTF-8 编码"),
    (b"[" * 100_000, "嵌套太深"),
    (b'{"a":' * 100_000, "嵌套太深"),
    (b" " * (FOUR_MEGABYTES + 1), "文件有 4.0 MB，最多 4 MB"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED, ids=shown)
def test_what_is_not_json_is_refused_with_the_place_and_a_remedy(data, reason):
    with pytest.raises(NotJson) as refused:
        loads(data)
    assert reason in refused.value.reason
    assert refused.value.remedy


def test_four_megabytes_are_not_too_many():
    assert loads(b" " * (FOUR_MEGABYTES - 1) + b"7") == 7


def test_a_key_that_comes_twice_is_refused_by_name():
    with pytest.raises(NotJson) as refused:
        loads('{"cells": {"a；b": 1, "a；b": 2}}'.encode())
    assert (refused.value.key, refused.value.reason) == ("a；b", "出现了两次")


@pytest.mark.parametrize(
    "literal",
    ["59237.2449", "0.0000001", "3.0", "1e9999", "1e99999999999999999999", "1.5e1", "-0", "-0.0", "9" * 5000],
    ids=shown,
)
def test_a_number_that_an_int_would_bend_keeps_every_character(literal):
    assert loads(literal.encode()) == Numeral(literal)


@pytest.mark.parametrize("number", [0, 7, -3, 10**19], ids=shown)
def test_a_whole_number_is_an_int(number):
    assert loads(str(number).encode()) == number


def test_a_byte_order_mark_is_not_held_against_a_file():
    assert loads(b"\xef\xbb\xbf[1]") == [1]


def test_rare_characters_arrive_whole():
    assert loads('"𠮷𪚥😀"'.encode()) == loads(rb'"\ud842\udfb7\ud869\udea5\ud83d\ude00"') == "𠮷𪚥😀"
