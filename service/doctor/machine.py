"""The machine itself: Python, disk, time."""

import platform
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.doctor.check import BOOTSTRAP, Check, broken, doubtful
from storage.settings import Settings

GIGABYTE = 1_000_000_000


def python(_settings: Settings) -> Iterator[Check]:
    found = f"{platform.python_version()}（{sys.executable}）"
    fits = (3, 11) <= sys.version_info < (3, 14)
    yield Check("Python", found) if fits else broken("Python", f"{found}，需要 3.11–3.13", BOOTSTRAP)


def disk(settings: Settings) -> Iterator[Check]:
    folder = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    found = f"{settings.data_dir} 还有 {free / GIGABYTE:.1f} GB"
    remedy = f"腾出空间，或用 NIANBAO_DATA_DIR 换到大些的磁盘；看看谁占得多：du -xh {folder} | sort -h | tail"
    if free < GIGABYTE // 2:
        yield broken("磁盘", found, remedy)
    elif free < 5 * GIGABYTE:
        yield doubtful("磁盘", found, remedy)
    else:
        yield Check("磁盘", found)


def time(_settings: Settings) -> Iterator[Check]:
    try:
        here = datetime.now(ZoneInfo("Asia/Shanghai"))
    except ZoneInfoNotFoundError:
        yield broken("时间", "系统里没有时区数据", "apt-get install tzdata")
        return
    yield Check("时间", f"北京时间 {here:%Y-%m-%d %H:%M:%S}")
