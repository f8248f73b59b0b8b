"""`nianbao account`: people who sign in: made, invited, listed, appointed, reset, put out of force."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.account_words import role_word, standing_word
from service.commands.inputs import Unreadable, actor, open_database, settings
from storage.people import accounts, duties, invitations
from storage.people.accounts import AppointmentRefused, LoginRefused
from storage.people.directory import Entry, list_accounts
from storage.people.duties import DutyRefused
from storage.session import session_scope
from storage.tables import Account, Role, Unit

_ROLE = click.Choice([role.value for role in Role])
_role = click.option("--role", type=_ROLE, help="clerk 填报人、head 审签人、reviewer 审核人、system、security、audit")
_unit = click.option("--unit", "unit_name", metavar="单位", help="全称；审核人填所在的主管机关，管理员不填")
_address = click.option("--address", metavar="网址", help="服务的网址，写进邀请链接；默认是本机的")


@click.group()
def account() -> None:
    """账号：新建、邀请、列出、停用、重置、分配职责。"""


@account.command()
@click.argument("login")
@click.argument("person")
@click.option("--phone", default="", help="电话")
@_role
@_unit
@_address
def add(login: str, person: str, phone: str, role: str | None, unit_name: str | None, address: str | None) -> None:
    """为 PERSON 新建账号 LOGIN，输出邀请链接，由本人打开并设置密码。"""
    with _database() as session:
        one = accounts.create_account(session, login, person, actor(), phone)
        if role:
            accounts.appoint(session, one, Role(role), _find_unit(session, unit_name), actor())
        token = invitations.invite(session, one, actor())
    _tell(token, address)


@account.command()
@click.argument("login")
@_address
def invite(login: str, address: str | None) -> None:
    """重新邀请 LOGIN；旧的邀请链接失效，已有的密码照用。"""
    with _database() as session:
        token = invitations.invite(session, _find(session, login), actor())
    _tell(token, address)


@account.command()
@click.argument("login")
@_address
def reset(login: str, address: str | None) -> None:
    """作废 LOGIN 的密码，退出其全部登录，输出新的邀请链接。"""
    with _database() as session:
        token = invitations.reset(session, _find(session, login), actor())
    _tell(token, address)


@account.command()
@click.argument("login")
@click.option("--undo", is_flag=True, help="重新启用")
def disable(login: str, undo: bool) -> None:
    """停用 LOGIN；立即生效，已登录的全部退出。"""
    change = accounts.enable if undo else accounts.disable
    with _database() as session:
        changed = change(session, _find(session, login), actor())
    word = "启用" if undo else "停用"
    click.echo(f"“{login}”已{word}。" if changed else f"“{login}”本来就已{word}。")


@account.command()
@click.argument("login")
@click.argument("role", type=_ROLE)
@_unit
@click.option("--undo", is_flag=True, help="取消这项职责")
def appoint(login: str, role: str, unit_name: str | None, undo: bool) -> None:
    """给 LOGIN 分配职责 ROLE。"""
    change = accounts.dismiss if undo else accounts.appoint
    with _database() as session:
        if not undo:
            strictly = settings().duties_apart
            duties.must_stay_apart(session, _find(session, login), Role(role), strictly=strictly)
        change(session, _find(session, login), Role(role), _find_unit(session, unit_name), actor())
    click.echo("已取消。" if undo else "已分配。")


@account.command("list")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def list_all(as_json: bool) -> None:
    """列出全部账号。"""
    with _database() as session:
        found = list_accounts(session, limit=1_000_000)
    if as_json:
        click.echo(json.dumps([_to_json(entry) for entry in found], ensure_ascii=False, indent=2))
        return
    for entry in found:
        offices = "、".join(f"{role_word(one.role)} {one.unit or ''}".strip() for one in entry.offices)
        click.echo(f"{entry.account.login}\t{entry.account.person}\t{standing_word(entry.standing).word}\t{offices}")
    if not found:
        click.echo("还没有账号。新建：nianbao account add 账号 姓名 --role security")


def _to_json(entry: Entry) -> dict[str, object]:
    seen = entry.account.signed_in_at
    return {
        "login": entry.account.login,
        "person": entry.account.person,
        "phone": entry.account.phone,
        "standing": entry.standing.value,
        "offices": [{"role": one.role.value, "unit": one.unit} for one in entry.offices],
        "signed_in_at": seen and seen.isoformat(timespec="seconds"),
    }


def _tell(token: str, address: str | None) -> None:
    told = settings()
    base = address or f"{'https' if told.https else 'http'}://{told.bind}"
    click.echo(f"{base.rstrip('/')}/invitation?token={token}")
    click.echo("请把链接只发给本人：7 天内有效，用一次即失效；这里只显示这一次。", err=True)


def _find(session: Session, login: str) -> Account:
    if (found := accounts.find_account(session, login)) is None:
        raise Unreadable(f"没有账号“{login}”。查看全部：nianbao account list")
    return found


def _find_unit(session: Session, name: str | None) -> Unit | None:
    if not name:
        return None
    if (found := session.scalar(select(Unit).where(Unit.name == name))) is None:
        raise Unreadable(f"没有名为“{name}”的单位。查看全部：nianbao unit list")
    return found


@contextmanager
def _database() -> Iterator[Session]:
    try:
        with open_database(settings()) as engine, session_scope(engine) as session:
            yield session
    except (LoginRefused, AppointmentRefused, DutyRefused) as error:
        raise Unreadable(error.for_person) from error
