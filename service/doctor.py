"""Looks at everything the service rests on; what is missing comes with the command that mends it."""

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from service import private_redis
from storage.clock import now
from storage.migrations import is_current
from storage.session import make_engine
from storage.settings import Settings
from workers import bubblewrap
from workers.errors import DocumentFailed
from workers.font_roles import ROLES, SERIF
from workers.fonts import Fonts

GIGABYTE = 1_000_000_000
BOOTSTRAP = "script/bootstrap"
# Beyond that the database and this machine disagree about which worker is late.
CLOCK_SECONDS = 5


class Health(StrEnum):
    """How a part is: good, usable with a drawback, or not to be done without."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    BROKEN = "broken"


@dataclass(frozen=True)
class Check:
    """What was found of one part, and what to do about it unless it is good."""

    part: str
    found: str
    health: Health = Health.GOOD
    remedy: str = ""

    def to_json(self) -> dict[str, str]:
        return asdict(self)


def examine(settings: Settings) -> list[Check]:
    """Every part in the order in which they rest on each other."""
    return [check for part in PARTS for check in part(settings)]


def _python(_settings: Settings) -> Iterator[Check]:
    found = f"{platform.python_version()}（{sys.executable}）"
    fits = (3, 11) <= sys.version_info < (3, 14)
    yield Check("Python", found) if fits else _broken("Python", f"{found}，需要 3.11–3.13", BOOTSTRAP)


def _box(_settings: Settings) -> Iterator[Check]:
    part = "bubblewrap"
    with TemporaryDirectory(prefix="nianbao-") as folder:
        works = bubblewrap.works(Path(folder))
    if works:
        yield Check(part, "可用：LibreOffice 关在沙箱里运行")
    elif shutil.which("bwrap") is None:
        yield _doubtful(part, "未安装：LibreOffice 没有沙箱保护", BOOTSTRAP)
    else:
        yield _doubtful(part, "已安装，但系统不许建立沙箱：LibreOffice 没有沙箱保护", ALLOW_BOXES)


ALLOW_BOXES = "sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0"


def _fonts(settings: Settings) -> Iterator[Check]:
    fonts = Fonts(settings.data_dir, settings.operator_fonts_dir)
    for role in ROLES:
        part = f"字体：{role.name}"
        try:
            drawn = fonts.drawn_with([role.declared[0]])[0]
        except DocumentFailed as error:
            yield _broken(part, error.for_person, BOOTSTRAP)
            return
        found = f"{drawn.declared} → {drawn.family}" if drawn.stand_in else drawn.family
        if drawn.family == SERIF and role.stand_ins[0] != SERIF:
            yield _doubtful(part, f"{found}（字形不同，只是代用）", f"{BOOTSTRAP} --fonts")
        else:
            yield Check(part, found)


def _redis(settings: Settings) -> Iterator[Check]:
    client = Redis.from_url(settings.redis_url.replace("redis+socket:", "unix:", 1), socket_timeout=5)
    try:
        client.ping()
        memory = client.info("memory")
        version = client.info("server")["redis_version"]
    except (RedisError, OSError):
        yield _no_redis(settings)
        return
    finally:
        client.close()
    if memory["maxmemory_policy"] == "noeviction":
        yield Check("Redis", f"{version}，应答正常")
    else:
        remedy = "redis-cli config set maxmemory-policy noeviction（并写进 redis.conf）"
        yield _doubtful("Redis", f"{version}，内存满时会丢弃消息", remedy)


def _no_redis(settings: Settings) -> Check:
    if not private_redis.is_meant(settings):
        return _broken(
            "Redis", "NIANBAO_REDIS_URL 所指的 Redis 没有应答", "script/server（不设置该变量时自带 Redis）"
        )
    if not (shutil.which("redis-server") or shutil.which("valkey-server")):
        return _broken("Redis", "未安装", BOOTSTRAP)
    return _doubtful("Redis", "没有运行（服务启动时会一同启动）", "script/server")


def _database(settings: Settings) -> Iterator[Check]:
    url = make_url(settings.database_url)
    part = f"数据库（{url.get_backend_name()}）"
    # Merely asking would leave an empty database behind.
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        yield _broken(part, f"还没有建立（{url.database}）", "script/setup")
        return
    engine = make_engine(settings)
    try:
        current, apart = is_current(engine), _seconds_apart(engine)
    except SQLAlchemyError as error:
        yield _broken(part, f"无法连接（{type(error).__name__}）", "检查 NIANBAO_DATABASE_URL 和数据库服务")
        return
    finally:
        engine.dispose()
    yield (
        Check(part, "表结构是最新的")
        if current
        else _broken(part, "表结构需要升级", "script/nianbao migrate")
    )
    if apart > CLOCK_SECONDS:
        yield _doubtful("时钟", f"与数据库相差 {apart:.0f} 秒", "timedatectl set-ntp true（两台机器都要）")


def _seconds_apart(engine: Engine) -> float:
    with engine.connect() as connection:
        there = connection.execute(select(now())).scalar_one()
    return abs((datetime.now(UTC) - there).total_seconds())


def _disk(settings: Settings) -> Iterator[Check]:
    folder = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    found = f"{settings.data_dir} 还有 {free / GIGABYTE:.1f} GB"
    remedy = f"腾出空间，或用 NIANBAO_DATA_DIR 换到大些的磁盘；看看谁占得多：du -xh {folder} | sort -h | tail"
    if free < GIGABYTE // 2:
        yield _broken("磁盘", found, remedy)
    elif free < 5 * GIGABYTE:
        yield _doubtful("磁盘", found, remedy)
    else:
        yield Check("磁盘", found)


def _time(_settings: Settings) -> Iterator[Check]:
    try:
        here = datetime.now(ZoneInfo("Asia/Shanghai"))
    except ZoneInfoNotFoundError:
        yield _broken("时间", "系统里没有时区数据", "apt-get install tzdata")
        return
    yield Check("时间", f"北京时间 {here:%Y-%m-%d %H:%M:%S}")


def _doubtful(part: str, found: str, remedy: str) -> Check:
    return Check(part, found, Health.DOUBTFUL, remedy)


def _broken(part: str, found: str, remedy: str) -> Check:
    return Check(part, found, Health.BROKEN, remedy)


PARTS: tuple[Callable[[Settings], Iterator[Check]], ...] = (
    _python,
    _box,
    _fonts,
    _redis,
    _database,
    _disk,
    _time,
)
