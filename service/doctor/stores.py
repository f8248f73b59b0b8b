"""Where things are kept: Redis, the database, and documents that do not lie in the data folder."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from service import private_redis
from service.doctor.check import BOOTSTRAP, Check, broken, doubtful
from storage.clock import now
from storage.files import DocumentFiles, FileDamaged
from storage.migrations import is_current
from storage.session import make_engine
from storage.settings import Settings
from workers.queue import redis_address

# Beyond that the database and this machine disagree about which worker is late.
CLOCK_SECONDS = 5


def redis(settings: Settings) -> Iterator[Check]:
    client = Redis.from_url(redis_address(settings), socket_timeout=5)
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
        yield doubtful("Redis", f"{version}，内存满时会丢弃消息", remedy)


def _no_redis(settings: Settings) -> Check:
    if not private_redis.is_meant(settings):
        return broken("Redis", "NIANBAO_REDIS_URL 所指的 Redis 没有应答", "script/server（不设置该变量时自带 Redis）")
    if not (shutil.which("redis-server") or shutil.which("valkey-server")):
        return broken("Redis", "未安装", BOOTSTRAP)
    return doubtful("Redis", "没有运行（服务启动时会一同启动）", "script/server")


def database(settings: Settings) -> Iterator[Check]:
    url = make_url(settings.database_url)
    part = f"数据库（{url.get_backend_name()}）"
    # Merely asking would leave an empty database behind.
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        yield broken(part, f"还没有建立（{url.database}）", "script/setup")
        return
    engine = make_engine(settings)
    try:
        current, apart = is_current(engine), _seconds_apart(engine)
    except SQLAlchemyError as error:
        yield broken(part, f"无法连接（{type(error).__name__}）", "检查 NIANBAO_DATABASE_URL 和数据库服务")
        return
    finally:
        engine.dispose()
    yield (Check(part, "表结构是最新的") if current else broken(part, "表结构需要升级", "script/nianbao migrate"))
    if apart > CLOCK_SECONDS:
        yield doubtful("时钟", f"与数据库相差 {apart:.0f} 秒", "timedatectl set-ntp true（两台机器都要）")


def documents(settings: Settings) -> Iterator[Check]:
    """A store in the network is asked to keep a file, to hand it out, and to forget it."""
    if not settings.in_bucket:
        return
    part, remedy = "文件存储（S3）", "检查 NIANBAO_STORE_URL、NIANBAO_STORE_ENDPOINT 和密钥（要能读、写、列、删）"
    try:
        files = DocumentFiles(settings)
        with tempfile.NamedTemporaryFile() as probe:
            probe.write(b"nianbao")
            probe.flush()
            kept = files.keep_as(Path(probe.name), f"doctor/{secrets.token_hex(8)}")
        files.open(kept.storage_key, kept.size, kept.sha256).close()
        next(files.listed(), None)
        files.discard([kept])
    except (FileDamaged, OSError) as error:
        yield broken(part, f"存取不了（{error}）", remedy)
    else:
        yield Check(part, "能写、能读、能列、能删")


def _seconds_apart(engine: Engine) -> float:
    with engine.connect() as connection:
        there = connection.execute(select(now())).scalar_one()
    return abs((datetime.now(UTC) - there).total_seconds())
