"""Who works in the invented district: one account for each role, with passwords nobody knows before."""

import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.people import accounts, passwords
from storage.tables import Role, Unit

ACTOR: Final = "operator:nianbao demo"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the district: a name to sign in with, and what that person does where."""

    login: str
    person: str
    does: str
    appointed: tuple[tuple[Role, str | None], ...]


_OFFICE = "云溪区人民政府办公室"
MEMBERS: Final = (
    Member("jiaoyu", "周文静", "填报人：云溪区教育局（已被退回）", ((Role.CLERK, "云溪区教育局"),)),
    Member("xinfang", "许立", "填报人：云溪区信访局（尚未填报）", ((Role.CLERK, "云溪区信访局"),)),
    Member(
        "bangongshi",
        "韩冬梅",
        "填报人：区政府与区政府办公室两份报告",
        ((Role.CLERK, "云溪区人民政府"), (Role.CLERK, _OFFICE)),
    ),
    Member("shuiwu", "罗平", "填报人：云溪区水务局", ((Role.CLERK, "云溪区水务局"),)),
    Member("shuiwu.juzhang", "石建国", "审签人：云溪区水务局（待审签）", ((Role.HEAD, "云溪区水务局"),)),
    Member("sanhekou", "邓晓", "审签人：三河口镇人民政府", ((Role.HEAD, "三河口镇人民政府"),)),
    Member("shenhe", "沈岚", "审核人：区政府办公室", ((Role.REVIEWER, _OFFICE),)),
    Member("xitong", "贺伟", "系统管理员", ((Role.SYSTEM, None),)),
    Member("anquan", "田敏", "安全管理员（管理账号）", ((Role.SECURITY, None),)),
    Member("shenji", "姚青", "审计员", ((Role.AUDIT, None),)),
)
# Signs for units whose clerk has no account here.
ANYBODY: Final = "account:shenhe"


@dataclass(frozen=True, slots=True)
class Login:
    """What to type at the door."""

    member: Member
    password: str


def new_logins() -> tuple[list[Login], dict[str, str]]:
    """New passwords for everybody, and their hashes by login; slow, and so before any transaction."""
    logins = [Login(member, _password()) for member in MEMBERS]
    return logins, {one.member.login: passwords.hashed(one.password) for one in logins}


def admit(session: Session, hashes: dict[str, str]) -> None:
    """Make the accounts that are not there, and put these passwords in force."""
    for member in MEMBERS:
        account = accounts.find_account(session, member.login)
        if account is None:
            account = accounts.create_account(session, member.login, member.person, ACTOR, phone="0000-6620018")
            for role, unit in member.appointed:
                where = session.scalars(select(Unit).where(Unit.name == unit)).one() if unit else None
                accounts.appoint(session, account, role, where, ACTOR)
        passwords.set_password(session, account, hashes[member.login], ACTOR)


def _password() -> str:
    # Four groups that are easy to type off a screen, with capitals, digits and a sign; 72 bits.
    letters = "abcdefghjkmnpqrstuvwxyz"
    groups = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(3)]
    return f"{groups[0].capitalize()}-{groups[1]}-{groups[2]}-{secrets.randbelow(9000) + 1000}"
