"""Spreadsheets for the tests: honest ones, and those that are not what they say."""

import io
import zipfile
from collections.abc import Sequence

from xlsxwriter import Workbook

HEAD = ("单位名称", "统一社会信用代码", "单位类型", "简称", "主管单位", "邮箱", "联系人和电话")


def sheet(*rows: Sequence[object], head: Sequence[str] = HEAD) -> bytes:
    """An xlsx file with these rows under the heading; text that begins with = is a formula."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, values in enumerate([head, *rows]):
            for place, value in enumerate(values):
                page.write(number, place, value)
    return buffer.getvalue()


def package(**members: bytes) -> bytes:
    """A zip file of these members; `__` stands for a slash, `_dot_` for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    """The same package with one member more, or with another content of one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return buffer.getvalue()


def member(data: bytes, name: str) -> bytes:
    """One member of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        return zipped.read(name)
