"""The command `nianbao`: each command is a module of its own, imported when it is called."""

import errno
import importlib
from typing import Any

import click

_COMMANDS = {
    "names": "列出报告中各数（或各段文字）的名称",
    "schema": "输出填报数据的 JSON Schema",
    "check": "核对一份填报数据，说明哪里不符",
    "make": "把填报数据做成 Word 和 PDF",
    "template": "Word 模板：起稿、检查",
    "serve": "启动网页服务",
    "worker": "启动一个文档生成进程",
    "sweep": "派发任务、收回失联进程手里的任务",
    "post": "发送催报邮件",
    "migrate": "建立或升级数据库",
    "campaign": "年度填报：建立、列出、结束",
    "account": "账号：新建、邀请、列出、停用、重置、分配职责",
    "unit": "单位：新建、列出、更改、从 Excel 导入",
    "key": "接口密钥：新建、列出、停用",
    "doctor": "检查运行环境，缺什么就给出补救命令",
    "audit": "检查操作记录是否被改动",
    "backup": "备份：数据库、文档、模板，服务照常运行",
    "restore": "从备份恢复到空的地方，并核对",
    "batch": "批次：生成一个年度全部单位的文件，看着它做完",
    "archive": "归档：把一个年度的文件打成一个 ZIP，核对一个 ZIP",
    "capacity": "需要几个生成进程：按实际用时计算",
    "scan": "检查文档是否完好：缺失、损坏、无主的文件",
    "site": "公开目录：导出为静态网站",
    "up": "启动全部服务（网页、生成进程、派发、Redis）",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"service.commands.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OSError as error:
            # Whoever reads our output has enough: click ends quietly.
            if error.errno == errno.EPIPE:
                raise
            raise click.ClickException(f"读写失败（{error}）；请检查文件夹、权限和磁盘") from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_Commands)
@click.version_option(package_name="nianbao")
def main() -> None:
    """年报：政府信息公开工作年度报告的填报、核对、审核、生成与公开。"""


if __name__ == "__main__":
    main()
