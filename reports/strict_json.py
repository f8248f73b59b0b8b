"""JSON as it was meant: no duplicate keys, no NaN, no number bent by floating point."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

MAX_BYTES = 4 * 1024 * 1024


class NotJson(ValueError):
    """The bytes are not the JSON they should be; `key` is where, when it is one key's fault."""

    def __init__(self, reason: str, remedy: str, key: str = "") -> None:
        super().__init__(f"{reason}；{remedy}")
        self.reason, self.remedy, self.key = reason, remedy, key


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it was written, for whoever must keep its digits: 59237.2449, 1e3, -0."""

    literal: str

    def __str__(self) -> str:
        return self.literal


def loads(data: bytes) -> Any:
    """Python values for `data` (UTF-8, at most 4 MiB); a number is an int, or a Numeral where an int would lose."""
    if len(data) > MAX_BYTES:
        raise NotJson(f"文件有 {len(data) / 1024 / 1024:.1f} MB，最多 4 MB", "请检查是否选错了文件")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotJson(f"第 {error.start + 1} 个字节起不是 UTF-8 编码", "请另存为 UTF-8") from error
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=Numeral,
            parse_int=_whole,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise NotJson(f"第 {error.lineno} 行第 {error.colno} 列起不是 JSON（{error.msg}）", "请从这里检查") from error
    except RecursionError as error:
        raise NotJson("嵌套太深", "请检查是否选错了文件") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise NotJson("出现了两次", "请只留一个", key)
        found[key] = value
    return found


def _whole(literal: str) -> int | Numeral:
    # int() of thousands of digits is slow and, past 4,300, an error; and it would forget the sign of -0.
    return int(literal) if len(literal) <= 20 and literal != "-0" else Numeral(literal)


def _constant(literal: str) -> NoReturn:
    raise NotJson(f"{literal} 不是数", "没有发生的填 0")
