"""What the audit trail says, in words: acts, what they were done to, and the details that people can read."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from service.language import _

# By the first word of an act: what the filter offers.
GROUPS: Final[Mapping[str, Callable[[], str]]] = {
    "report": lambda: _("报告"),
    "campaign": lambda: _("年度填报"),
    "reminders": lambda: _("催报"),
    "unit": lambda: _("单位"),
    "units": lambda: _("单位"),
    "roster": lambda: _("年度填报"),
    "batch": lambda: _("批次"),
    "job": lambda: _("生成任务"),
    "archive": lambda: _("归档"),
    "account": lambda: _("账号"),
    "session": lambda: _("登录"),
    "key": lambda: _("接口密钥"),
    "template": lambda: _("模板"),
    "audit": lambda: _("审计"),
    "backup": lambda: _("备份"),
}
ACTIONS: Final[Mapping[str, Callable[[], str]]] = {
    "account.appointed": lambda: _("分配职责"),
    "account.created": lambda: _("新建账号"),
    "account.disabled": lambda: _("停用账号"),
    "account.dismissed": lambda: _("取消职责"),
    "account.enabled": lambda: _("启用账号"),
    "account.imported": lambda: _("批量导入账号"),
    "account.invited": lambda: _("邀请"),
    "account.password_set": lambda: _("设置密码"),
    "account.reset": lambda: _("重置密码"),
    "account.changed": lambda: _("修改账号资料"),
    "audit.checked": lambda: _("核验操作记录"),
    "audit.exported": lambda: _("导出操作记录"),
    "archive.issued": lambda: _("下载归档包"),
    "backup.restored": lambda: _("恢复备份"),
    "batch.started": lambda: _("开始一批"),
    "batch.paused": lambda: _("暂停一批"),
    "batch.resumed": lambda: _("继续一批"),
    "batch.cancelled": lambda: _("取消一批"),
    "batch.retried": lambda: _("重试没有生成的"),
    "batch.finished": lambda: _("一批完成"),
    "campaign.closed": lambda: _("结束年度填报"),
    "campaign.opened": lambda: _("开始年度填报"),
    "campaign.rescheduled": lambda: _("更改截止日期"),
    "job.requeued": lambda: _("重新生成"),
    "key.created": lambda: _("新建接口密钥"),
    "key.revoked": lambda: _("停用接口密钥"),
    "reminders.cancelled": lambda: _("取消催报"),
    "reminders.queued": lambda: _("催报"),
    "report.approve": lambda: _("审核通过"),
    "report.ask_head": lambda: _("送审签人"),
    "report.begin_review": lambda: _("开始审核"),
    "report.filled": lambda: _("填报"),
    "report.hand_back": lambda: _("审签人退回"),
    "report.nil": lambda: _("空白处填 0"),
    "report.opened": lambda: _("沿用已报送的内容"),
    "report.published": lambda: _("公布"),
    "report.reopen": lambda: _("通过后又退回"),
    "report.return": lambda: _("退回修改"),
    "report.send": lambda: _("报送"),
    "report.started": lambda: _("开始填报"),
    "report.unpublished": lambda: _("撤下公布"),
    "report.withdraw": lambda: _("撤回修改"),
    "roster.added": lambda: _("列入填报名单"),
    "roster.exempted": lambda: _("免报"),
    "roster.expected": lambda: _("列入填报名单"),
    "roster.extended": lambda: _("延期"),
    "roster.extension_ended": lambda: _("取消延期"),
    "session.closed": lambda: _("退出登录"),
    "session.opened": lambda: _("登录"),
    "session.refused": lambda: _("登录失败"),
    "template.activated": lambda: _("启用模板"),
    "template.again": lambda: _("重新检查模板"),
    "template.examined": lambda: _("检查模板"),
    "template.tried": lambda: _("试排模板"),
    "template.uploaded": lambda: _("上传模板"),
    "unit.changed": lambda: _("修改单位"),
    "unit.created": lambda: _("新建单位"),
    "unit.ended": lambda: _("撤销单位"),
    "unit.moved": lambda: _("调整隶属"),
    "unit.revived": lambda: _("恢复单位"),
    "units.imported": lambda: _("批量导入单位"),
}
_DETAILS: Final[Mapping[str, Callable[[], str]]] = {
    "accounts": lambda: _("账号"),
    "address": lambda: _("地址"),
    "because": lambda: _("原因"),
    "before": lambda: _("此前"),
    "days": lambda: _("天数"),
    "events": lambda: _("条数"),
    "failures": lambda: _("失败次数"),
    "file": lambda: _("文件"),
    "flaws": lambda: _("要改的处数"),
    "format": lambda: _("格式"),
    "invited": lambda: _("邀请"),
    "lane": lambda: _("通道"),
    "name": lambda: _("名称"),
    "number": lambda: _("编号"),
    "person": lambda: _("姓名"),
    "receipt": lambda: _("回执"),
    "reports": lambda: _("报告数"),
    "result": lambda: _("结果"),
    "revision": lambda: _("版本"),
    "role": lambda: _("职责"),
    "rows": lambda: _("行数"),
    "sha256": lambda: _("指纹"),
    "state": lambda: _("状态"),
    "unit": lambda: _("单位"),
    "version": lambda: _("版本号"),
    "written": lambda: _("填写格数"),
}
_LONGEST: Final = 120
# Names that only the database knows.
_NOBODY_READS: Final = frozenset({"browser"})


def action_in_words(action: str) -> str:
    """What an act is called; one that nobody has named is shown as it is written."""
    return ACTIONS[action]() if action in ACTIONS else action


def groups() -> Sequence[tuple[str, str]]:
    """The sorts of acts to choose from: what the address says, and the word."""
    told: dict[str, str] = {}
    for group, word in GROUPS.items():
        told.setdefault(word(), group)
    return [(group, word) for word, group in told.items()]


def actions_of(group: str) -> tuple[str, ...]:
    """Every act of a sort, by whichever first word it goes."""
    if group not in GROUPS:
        return ()
    alike = {one for one, word in GROUPS.items() if word() == GROUPS[group]()}
    return tuple(action for action in ACTIONS if action.partition(".")[0] in alike)


def detail_in_words(detail: str) -> str:
    """The details of an act in one line; long lists are counted."""
    try:
        told: Any = json.loads(detail)
    except ValueError:
        return detail
    if not isinstance(told, dict):
        return detail
    shown = {key: value for key, value in told.items() if key not in _NOBODY_READS and value not in (None, "", [], {})}
    return "；".join(_one(key, value) for key, value in shown.items())


def _one(key: str, value: Any) -> str:
    if key == "fields" and isinstance(value, list | dict):
        return _("{n} 处").format(n=len(value))
    word = _DETAILS[key]() if key in _DETAILS else key
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if key.endswith("sha256"):
        said = f"{said[:16]}…"
    return f"{word} {said if len(said) <= _LONGEST else said[:_LONGEST] + '…'}"
