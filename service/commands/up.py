"""`nianbao up`: everything on this machine, until Ctrl+C; with --check, once around with one report."""

import shutil
import sys
from pathlib import Path

import click

from service.demo.build import NotEmpty
from service.demo.opening import Opening
from service.demo.people import Login
from service.demo.start import prepare, told
from service.machine import free_address, only_one, running
from service.supervisor import NotStarted, Supervisor
from service.trial import ACTOR, Trial, TrialFailed, Visitor, passing_key
from storage.people.invitations import first_administrator
from storage.session import make_engine, session_scope
from storage.settings import Settings, SettingsRefused, load_settings


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="网页的端口；不指定时从 8000 起找空闲的")
@click.option("--demo", is_flag=True, help="先建好一个虚构的区：40 个单位、两个年度的报告，并列出各角色的账号")
@click.option("--check", is_flag=True, help="另起一套，做出一份报告并查验，然后停止；不碰已有数据")
def up(port: int | None, demo: bool, check: bool) -> None:
    """启动全部服务（Redis、网页、生成进程、派发），Ctrl+C 停止。"""
    try:
        settings = load_settings()
        _check(settings) if check else _serve(settings, port, demo)
    except (SettingsRefused, NotEmpty, NotStarted, TrialFailed) as error:
        click.echo(error.for_person, err=True)
        sys.exit(1)


def _serve(settings: Settings, port: int | None, demo: bool) -> None:
    wanted = settings.bind if port is None else f"{settings.bind.rpartition(':')[0]}:{port}"
    fixed = port is not None or "bind" in settings.model_fields_set
    with only_one(settings.data_dir) as note:
        address = free_address(wanted, fixed=fixed)
        note(address)
        if address != wanted:
            click.echo(f"{wanted} 已被占用，改用 {address}。")
        logins = _demonstration(settings) if demo else []
        click.echo("正在启动……")
        with running(settings, address, click.echo) as supervisor:
            if not supervisor.stopping.is_set():
                _greet(settings, address)
                if logins:
                    click.echo(told(logins))
            supervisor.watch(Opening(settings) if demo else lambda: False)
            click.echo("正在停止……")
    click.echo("已停止。")


def _greet(settings: Settings, address: str) -> None:
    click.echo(f"\n年报服务已经启动。\n  地址　{_link(address)}")
    if first := _first_invitation(settings):
        login, token = first
        click.echo(f"  首次使用　请打开下面的链接，为管理员账号 {login} 设置密码（7 天内有效，用一次即失效）：")
        click.echo(f"  　　　{_link(address)}invitation?token={token}")
    else:
        click.echo("  登录　用已有的账号；忘记密码的，由管理员重置：script/nianbao account reset 账号")
    click.echo(f"  日志　{settings.data_dir / 'log'}\n  停止　按 Ctrl+C\n")


def _link(address: str) -> str:
    return address if address.startswith("unix:") else f"http://{address}/"


def _first_invitation(settings: Settings) -> tuple[str, str] | None:
    engine = make_engine(settings)
    try:
        with session_scope(engine) as session:
            first = first_administrator(session, ACTOR)
            return first and (first[0].login, first[1])
    finally:
        engine.dispose()


def _demonstration(settings: Settings) -> list[Login]:
    click.echo("正在准备示例数据……")
    return prepare(settings)


def _check(settings: Settings) -> None:
    """Everything anew in a folder apart, so that a real server may run meanwhile and real data stay untouched."""
    with only_one(settings.data_dir / "check") as note:
        apart = _apart(settings, settings.data_dir / "check" / "data")
        address = free_address("127.0.0.1:8000", fixed=False)
        note(address)
        click.echo("正在启动……")
        with running(apart, address, click.echo, whole=True) as supervisor:
            _one_report(apart, address, supervisor)
        shutil.rmtree(apart.data_dir)
        click.echo("✓ 一切正常。")


def _apart(settings: Settings, folder: Path) -> Settings:
    """The same settings with nothing in them yet, but for the fonts."""
    shutil.rmtree(folder, ignore_errors=True)
    if (fonts := settings.data_dir / "fonts").is_dir():
        shutil.copytree(fonts, folder / "fonts")
    stores = {
        "data_dir": folder,
        "database_url": f"sqlite:///{folder}/nianbao.sqlite3",
        "redis_url": f"redis+socket://{folder}/redis.sock",
    }
    return settings.model_copy(update=stores)


def _one_report(settings: Settings, address: str, supervisor: Supervisor) -> None:
    try:
        with passing_key(settings) as key:
            trial = Trial(Visitor(address, key), settings)
            trial.hand_in()
            click.echo("✓ 示例报告已报送")
            trial.wait(supervisor.watch)
            click.echo("✓ Word 和 PDF 已生成")
            click.echo(f"✓ 下载并查验：PDF {trial.look()} 页，两份文件内容无误")
    except TrialFailed as error:
        if supervisor.stopping.is_set():
            raise NotStarted("已中止。", "stopped by a signal") from error
        log = next(child for child in supervisor.children if child.program.name == error.program)
        error.for_person += f"\n日志 {log.log} 的最后几行：\n{log.last_lines()}"
        raise
