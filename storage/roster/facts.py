"""What is said about a unit: as people type it, tidied, and what is wrong with it field by field."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from reports.wording import N_, _
from storage.tables import Unit, UnitKind

# As they stand in lists and in the roster's column; in the language of the page through `_`.
KINDS: Final[Mapping[UnitKind, str]] = {
    UnitKind.GOVERNMENT: N_("政府"),
    UnitKind.OFFICE: N_("办公室"),
    UnitKind.DEPARTMENT: N_("部门"),
    UnitKind.TOWNSHIP: N_("乡镇"),
    UnitKind.STREET: N_("街道"),
    UnitKind.VERTICAL: N_("垂直管理单位"),
    UnitKind.OTHER: N_("其他"),
}
LONGEST: Final = {"name": 200, "short_name": 60, "contact": 300, "email": 500}
MOST_ADDRESSES: Final = 10
# The letters of a 统一社会信用代码, by their values; GB 32100-2015.
_CODE: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ADDRESS: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_BETWEEN_ADDRESSES: Final = re.compile(r"[\s,;，；、]+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What somebody says about a unit; its place in the tree is said apart."""

    name: str
    code: str = ""
    kind: UnitKind = UnitKind.OTHER
    short_name: str = ""
    email: str = ""
    contact: str = ""


def facts_of(unit: Unit) -> Facts:
    """What is known about a unit."""
    return Facts(unit.name, unit.code or "", unit.kind, unit.short_name, unit.email, unit.contact)


def tidied(said: Facts) -> Facts:
    """The same without what only typing brought in: blanks around, small letters in the code, commas in addresses."""
    return replace(
        said,
        name=plain(said.name),
        code=unicodedata.normalize("NFKC", said.code).strip().upper(),
        short_name=plain(said.short_name),
        email=" ".join(addresses_in(said.email)),
        contact=said.contact.strip(),
    )


def faults(said: Facts) -> dict[str, str]:
    """What is wrong with tidied facts, by field; whether a name or a code is taken, only the database knows."""
    found = {}
    if not said.name or not fits(said.name, "name"):
        found["name"] = _("单位名称应是 1 至 200 个字。")
    if said.code and not is_code(said.code):
        found["code"] = _("统一社会信用代码“{code}”不对，请核对 18 位字符。").format(code=said.code)
    if not fits(said.short_name, "short_name"):
        found["short_name"] = _("简称最多 60 个字，不能换行。")
    if len(said.contact) > LONGEST["contact"]:
        found["contact"] = _("联系人和电话最多 300 个字。")
    if trouble := _wrong_addresses(said.email):
        found["email"] = trouble
    return found


def addresses_in(typed: str) -> list[str]:
    """The mail addresses in what was typed, each once."""
    return list(dict.fromkeys(one for one in _BETWEEN_ADDRESSES.split(typed) if one))


def is_address(text: str) -> bool:
    """Whether mail can be sent there, as far as its form goes."""
    return _ADDRESS.fullmatch(text) is not None


def is_code(code: str) -> bool:
    """Whether these are 18 letters with the check letter that GB 32100 asks for."""
    if not re.fullmatch(f"[{_CODE}]{{18}}", code):
        return False
    weighed = sum(_CODE.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:17]))
    return (31 - weighed % 31) % 31 == _CODE.index(code[17])


def fits(text: str, field: str) -> bool:
    """Whether a text is one line that can be printed, and not too long for its field."""
    return len(text) <= LONGEST[field] and (not text or text.isprintable())


def plain(typed: str) -> str:
    """A name as it is kept."""
    return unicodedata.normalize("NFC", typed).strip()


def _wrong_addresses(kept: str) -> str:
    addresses = kept.split()
    if wrong := [one for one in addresses if not is_address(one)]:
        return _("“{address}”不是电子邮件地址。").format(address=wrong[0])
    if len(addresses) > MOST_ADDRESSES or len(kept) > LONGEST["email"]:
        return _("最多写 {n} 个邮箱。").format(n=MOST_ADDRESSES)
    return ""
