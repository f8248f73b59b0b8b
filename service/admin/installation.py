"""How the installation is, part by part: what is well, what is not, and what to do about it."""

import json
import os
import platform
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import sqlalchemy
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import make_url, select, text
from sqlalchemy.orm import Session

from service.language import _
from service.resources import resources
from service.words import size
from storage.migrations import is_current
from storage.people.duties import watch_themselves
from storage.people.policy import DUTIES
from storage.safekeeping.backup import last_backup
from storage.settings import Settings
from storage.tables import Account, Appointment, Role
from workers.queue import redis_address

GIGABYTE: Final = 1_000_000_000
_REDIS_SECONDS: Final = 1.0
_BACKUP_HOURS: Final = 26
_LIBRARIES: Final = ("flask", "celery", "sqlalchemy", "docxtpl", "pikepdf", "jinja2")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: `look` is "ok", "ask" or "bad"; what was found, and what to do unless it is well."""

    word: str
    look: str
    told: str
    remedy: str = ""


def parts(session: Session | None) -> Sequence[Part]:
    """Every part, those first that are not well."""
    checks: tuple[Callable[[], Iterator[Part]], ...] = (_redis, _store, _disk, _backup, _mail, _names)
    found = [*_database(session), *(part for check in checks for part in check())]
    if session is not None:
        found += _duties(session)
    return sorted(found, key=lambda part: ("bad", "ask", "ok").index(part.look))


def versions() -> Sequence[tuple[str, str]]:
    """What runs here, and in which version."""
    told = [("nianbao", _version("nianbao")), ("Python", platform.python_version()), (_("系统"), platform.platform())]
    return [*told, *((name, _version(name)) for name in _LIBRARIES)]


def _database(session: Session | None) -> Iterator[Part]:
    url = make_url(resources().settings.database_url)
    word = _("数据库")
    if session is None:
        yield Part(word, "bad", _("连不上"), _("请检查数据库服务和 NIANBAO_DATABASE_URL。"))
        return
    kind = url.get_backend_name()
    query = "SELECT sqlite_version()" if kind == "sqlite" else "SHOW server_version"
    told = f"{'SQLite' if kind == 'sqlite' else 'PostgreSQL'} {session.scalar(text(query))}"
    if kind == "sqlite" and url.database and os.path.exists(url.database):  # noqa: PTH110 - a string of SQLAlchemy's
        told += f" · {size(os.path.getsize(url.database))}"  # noqa: PTH202
    if is_current(resources().engine):
        yield Part(word, "ok", told)
    else:
        yield Part(word, "bad", _("{told}，表结构需要升级").format(told=told), _("请运行 nianbao migrate。"))


def _redis() -> Iterator[Part]:
    patience = {"socket_timeout": _REDIS_SECONDS, "socket_connect_timeout": _REDIS_SECONDS}
    try:
        with Redis.from_url(redis_address(resources().settings), retry=Retry(NoBackoff(), 0), **patience) as redis:
            info: dict[str, Any] = redis.info()
    except (RedisError, OSError):
        remedy = _("填报和报送不受影响，但新文件暂时不会生成。请检查 Redis 服务和 NIANBAO_REDIS_URL。")
        yield Part("Redis", "bad", _("没有应答"), remedy)
        return
    told = f"{info['redis_version']} · {size(int(info['used_memory']))}"
    if info.get("maxmemory_policy") == "noeviction":
        yield Part("Redis", "ok", told)
    else:
        remedy = _("请运行 redis-cli config set maxmemory-policy noeviction，并写进 redis.conf。")
        yield Part("Redis", "ask", _("{told}，内存满时会丢弃消息").format(told=told), remedy)


def _store() -> Iterator[Part]:
    settings, word = resources().settings, _("文件存储")
    place = str(settings.store_url) if settings.in_bucket else str(settings.documents_dir)
    try:
        next(iter(resources().files.listed()), None)
        writable = (
            settings.in_bucket or not settings.documents_dir.exists() or os.access(settings.documents_dir, os.W_OK)
        )
    except OSError as error:
        remedy = _("请检查存储服务、权限和 NIANBAO_STORE_ 开头的设置。")
        yield Part(word, "bad", _("{place} 不能读取（{why}）").format(place=place, why=type(error).__name__), remedy)
        return
    if writable:
        yield Part(word, "ok", place)
    else:
        yield Part(word, "bad", _("{place} 不能写入").format(place=place), _("请检查文件夹的权限。"))


def _is_open(settings: Settings) -> bool:
    """Whether files can be kept; OSError when nobody answers."""
    if settings.in_bucket:
        next(iter(resources().files.listed()), None)
        return True
    folder = settings.documents_dir
    # The first document makes it.
    return os.access(folder if folder.exists() else settings.data_dir, os.W_OK)


def _disk() -> Iterator[Part]:
    free = shutil.disk_usage(resources().settings.data_dir).free
    told = _("{path} 还有 {free} GB").format(path=resources().settings.data_dir, free=f"{free / GIGABYTE:.1f}")
    remedy = _("请腾出空间，或用 NIANBAO_DATA_DIR 换到大些的磁盘。")
    look = "bad" if free < GIGABYTE // 2 else "ask" if free < 5 * GIGABYTE else "ok"
    yield Part(_("磁盘"), look, told, "" if look == "ok" else remedy)


def _backup() -> Iterator[Part]:
    word, remedy = _("备份"), _("请运行 nianbao backup，并定时执行（每天一次）；备份要放到另一台机器上。")
    found = last_backup(resources().settings)
    try:
        at = datetime.fromisoformat(str(found["at"])) if found else None
    except (KeyError, ValueError):
        at = None
    if found is None or at is None:
        yield Part(word, "ask", _("没有备份记录"), remedy)
        return
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    hours = (datetime.now(UTC) - at).total_seconds() / 3600
    told = _("{hours} 小时前 · {size} · {file}").format(
        hours=int(hours), size=size(int(found.get("bytes") or 0)), file=found.get("file", "")
    )
    yield Part(word, "ok", told) if hours <= _BACKUP_HOURS else Part(word, "ask", told, remedy)


def _mail() -> Iterator[Part]:
    settings = resources().settings
    if settings.smtp_host:
        yield Part(_("邮件"), "ok", f"{settings.smtp_host} · {settings.smtp_from}")
    else:
        remedy = _("要用邮件催报，请设置 NIANBAO_SMTP_HOST 等；不设置则只能打电话。")
        yield Part(_("邮件"), "ask", _("没有设置邮件服务器"), remedy)


def _names() -> Iterator[Part]:
    settings = resources().settings
    if settings.hosts:
        yield Part(_("网址"), "ok", settings.hosts)
    else:
        remedy = _("对外提供服务时，请用 NIANBAO_HOSTS 写明本系统的主机名，以防有人用别的名字骗取邀请链接。")
        yield Part(_("网址"), "ask", _("任何主机名都能访问"), remedy)
    if settings.https:
        yield Part("HTTPS", "ok", _("已启用"))
    else:
        remedy = _("除本机试用外，请在前面加 HTTPS，并设置 NIANBAO_HTTPS=true。")
        yield Part("HTTPS", "ask", _("没有启用"), remedy)


def _duties(session: Session) -> Iterator[Part]:
    word, remedy = _("三员"), _("请安全管理员在“账号管理”里邀请并分配。")
    held = select(Appointment.role).join(Account, Account.id == Appointment.account_id)
    in_force = held.where(Account.disabled_at.is_(None), Account.password_hash.is_not(None))
    missing = DUTIES - frozenset(session.scalars(in_force.where(Appointment.role.in_(DUTIES))))
    words = {Role.SYSTEM: _("系统管理员"), Role.SECURITY: _("安全管理员"), Role.AUDIT: _("审计管理员")}
    together = [account.person for account in watch_themselves(session)]
    if missing:
        yield Part(
            word, "ask", _("没有：{roles}").format(roles="、".join(words[one] for one in sorted(missing))), remedy
        )
    if together:
        told = _("{people}自己审计自己").format(people="、".join(together))
        yield Part(word, "ask", told, _("请把审计分给另一个人。"))
    if not missing and not together:
        yield Part(word, "ok", _("系统、安全、审计各有其人"))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return sqlalchemy.__version__ if name == "sqlalchemy" else ""


def about(told: str) -> dict[str, Any]:
    """What a worker has told of itself."""
    try:
        found: dict[str, Any] = json.loads(told or "{}")
    except ValueError:
        return {}
    return found
