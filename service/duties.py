"""What those do who answer for no unit: the duties of the installation, each with the way to its work."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from service.language import _
from storage.people.policy import Act, Person, can


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty; without an address its work is done on the machine itself."""

    word: str
    words: str
    address: str = ""


def duties_of(person: Person) -> Sequence[Duty]:
    """The duties of this person."""
    duties = (
        (
            Act.ACCOUNTS,
            Duty(_("账号管理"), _("邀请新的账号，分配单位和职责，重置密码，停用账号。"), url_for("pages.accounts")),
        ),
        (
            Act.SYSTEM,
            Duty(
                _("系统管理"),
                _("看运行情况、报表定义和 Word 模板；备份和恢复在服务器上用 nianbao 命令办理。"),
                url_for("pages.system"),
            ),
        ),
        (Act.AUDIT, Duty(_("安全审计"), _("查看、导出操作记录，核验它没有被改动。"), url_for("pages.audit"))),
    )
    return [duty for act, duty in duties if can(person, act)]
