"""Every refusal and every failure, mapped once: to a page for people, to problem+json for programs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from reports.findings import Finding
from reports.reading import AnswersRefused, Problem
from reports.states import MoveRefused, ReportState
from reports.wording import N_
from service.access import KeyRefused, PasswordDue, SignedOut
from service.archives import lines
from service.archives.lines import ArchivesBusy
from service.intake import AnswersBlocked, UnitRefused
from service.language import _
from service.safety import request_number
from storage.files import FileDamaged
from storage.filing.fields import NotOpen
from storage.filing.sending import DraftChanged
from storage.filing.starts import NotExpected
from storage.roster.campaigns import CampaignExists

log = structlog.get_logger("service.errors")
Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is told to whoever asked: a code, what happened, what to do, and everything that is wrong."""

    status: int
    code: str
    title: str
    remedy: str
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    headers: Headers = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As RFC 9457 has it, with the problems and findings beside."""
        told: dict[str, Any] = {
            "type": f"urn:nianbao:error:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.remedy,
            "code": self.code,
            "request": request_number(),
        }
        if self.problems:
            told["problems"] = [{"name": one.name, "reason": one.reason, "remedy": one.remedy} for one in self.problems]
        if self.findings:
            told["findings"] = [finding.to_json() for finding in self.findings]
        return told


class QueryRefused(Exception):
    """The parameters of a request are not as its description has them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(*problems)


class FieldsRefused(Exception):
    """Some of what was typed cannot stand in its field; whatever else was sent with it is kept."""

    code = "field_refused"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(*problems)


def set_up(app: Flask) -> None:
    for kind, trouble_of in _TROUBLES.items():
        app.register_error_handler(kind, _answering(trouble_of))


def _answering(trouble_of: Callable[[Any], Trouble]) -> Callable[[Exception], Response]:
    def answer(error: Exception) -> Response:
        trouble = trouble_of(error)
        if trouble.status >= 500:
            log.error(trouble.code, reason=getattr(error, "for_operator", None), exc_info=error)
        response = _problem(trouble) if _is_for_a_program() else _page(trouble)
        response.status_code = trouble.status
        response.headers.update(trouble.headers)
        return response

    return answer


def _is_for_a_program() -> bool:
    offered = ("text/html", "application/json", "application/problem+json")
    return request.path.startswith("/api/") or request.accept_mimetypes.best_match(offered) in offered[1:]


def _problem(trouble: Trouble) -> Response:
    response = jsonify(trouble.to_json())
    response.mimetype = "application/problem+json"
    return response


def _page(trouble: Trouble) -> Response:
    # A stranger's page brings no form with it, whose token would need a cookie.
    page = "public/trouble.html" if request.path.startswith("/public/") else "trouble.html"
    return make_response(render_template(page, trouble=trouble, number=request_number()))


def _unreadable(error: AnswersRefused) -> Trouble:
    remedy = _("请按下面所列逐条改正，再报送一次。什么都没有保存。")
    return Trouble(422, "answers_refused", _("填报数据无法读取，没有收下"), remedy, problems=error.problems)


def _blocked(error: AnswersBlocked) -> Trouble:
    remedy = _("请改正下面所列的错误，再报送一次。什么都没有保存。")
    return Trouble(
        422,
        error.code,
        _("《{title}》有错误，没有收下").format(title=error.answers.title),
        remedy,
        findings=error.findings,
    )


def _not_open(error: NotOpen) -> Trouble:
    return Trouble(409, error.code, _("报告现在不能修改"), _(error.for_person))


def _too_late(error: DraftChanged | NotExpected | CampaignExists) -> Trouble:
    return Trouble(409, error.code, _("没有办理，什么都没有改变"), _(error.for_person))


def _closed(error: MoveRefused) -> Trouble:
    if error.state in (ReportState.REVIEWING, ReportState.APPROVED):
        remedy = _("什么都没有改变。需要修改的，请联系审核人退回。")
        return Trouble(409, "report_closed", _("报告正在审核或已经通过，不能再报送或修改"), remedy)
    remedy = _("刚才可能已经有人办理过。请刷新页面，看看报告现在到了哪一步。")
    return Trouble(409, error.code, _("报告现在不能这样办理，什么都没有改变"), remedy)


def _refused(error: FieldsRefused) -> Trouble:
    remedy = _("请按下面所列逐条改正；其余的已经保存。")
    return Trouble(422, error.code, _("有填写的内容不能保存"), remedy, problems=error.problems)


def _bad_query(error: QueryRefused) -> Trouble:
    remedy = _("请对照接口文档改正参数。")
    return Trouble(422, "query_refused", _("请求的参数不能用"), remedy, problems=error.problems)


def _no_key(error: KeyRefused) -> Trouble:
    challenge = {"WWW-Authenticate": 'Bearer realm="nianbao"'}
    return Trouble(401, error.code, _("需要有效的密钥"), _(error.for_person), headers=challenge)


def _signed_out(error: SignedOut) -> Trouble:
    remedy = _("请在新窗口中重新登录，再回到这里继续。已经填写的内容还在，没有丢失。")
    return Trouble(401, error.code, _("登录已失效"), remedy)


def _password_due(error: PasswordDue) -> Trouble:
    remedy = _("请先打开“账号”页面设置新密码，再回到这里继续。")
    return Trouble(403, error.code, _("需要先修改密码"), remedy)


def _not_ones_unit(error: UnitRefused) -> Trouble:
    remedy = _("只能替本机关负责的单位报送。请检查单位名称；单位归属有变化的，请联系管理员。什么都没有保存。")
    return Trouble(403, error.code, _("不能替“{unit}”报送").format(unit=error.unit), remedy)


def _forged(_error: CSRFError) -> Trouble:
    remedy = _("请从本系统的页面操作：返回上一页，刷新后再试一次。")
    return Trouble(400, "form_expired", _("页面已过期，刚才的操作没有执行"), remedy)


def _damaged(error: FileDamaged) -> Trouble:
    return Trouble(503, error.code, _("文件暂时不能下载"), _(error.for_person))


def _no_storage(_error: Exception) -> Trouble:
    remedy = _("请稍等片刻再试。如果一直这样，请把编号告诉管理员。刚才提交的内容没有保存，请再提交一次。")
    return Trouble(503, "storage_unavailable", _("暂时存取不了数据"), remedy, headers={"Retry-After": "5"})


def _busy(error: ArchivesBusy) -> Trouble:
    remedy = _("请过一分钟再下载。正在进行的下载不受影响，什么都没有丢失。")
    headers = {"Retry-After": str(lines.RETRY_SECONDS)}
    return Trouble(429, error.code, _("正在下载归档的人太多，这一次没有开始"), remedy, headers=headers)


def _by_status(error: HTTPException) -> Trouble:
    status = error.code or 500
    title, remedy = _STATUSES.get(status, _UNKNOWN)
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return Trouble(status, f"http_{status}", _(title), _(remedy), headers=headers)


def _no_such_value(error: DataError) -> Trouble:
    # A character or a number that the database has no place for; the statement is told without what was typed.
    log.warning("value refused by the database", exc_info=error)
    title, remedy = _STATUSES[400]
    return Trouble(400, "http_400", _(title), _(remedy))


def _unexpected(_error: Exception) -> Trouble:
    remedy = _("问题已记入日志。请稍后再试；如果还不行，请把编号告诉管理员。")
    return Trouble(500, "internal_error", _("系统出了问题，刚才的操作没有完成"), remedy)


_UNKNOWN: Final = (N_("请求不能执行"), N_("请检查地址和内容后再试。"))
_STATUSES: Final = {
    400: (N_("请求有误，没有执行"), N_("请检查内容后再试。")),
    404: (N_("没有找到这个页面或这份资料"), N_("请检查地址；它也可能已经不在了。")),
    405: (N_("这个地址不支持这样的请求"), N_("请对照接口文档检查请求方法。")),
    410: (N_("这份资料已经撤下，不再提供"), N_("原来的网页地址说明了撤下的原因；现行的报告请到目录中查阅。")),
    413: (N_("内容太大，没有收下"), N_("填报数据最多 4 MB。请检查是否选错了文件。")),
    415: (N_("内容的类型不对"), N_("请对照接口文档检查 Content-Type。")),
    429: (N_("请求太频繁，这一次没有执行"), N_("请稍等片刻再试；程序请按 Retry-After 所说的秒数等待。")),
}
_TROUBLES: Final[dict[type[Exception], Callable[[Any], Trouble]]] = {
    AnswersRefused: _unreadable,
    AnswersBlocked: _blocked,
    FieldsRefused: _refused,
    NotOpen: _not_open,
    MoveRefused: _closed,
    DraftChanged: _too_late,
    NotExpected: _too_late,
    CampaignExists: _too_late,
    QueryRefused: _bad_query,
    KeyRefused: _no_key,
    SignedOut: _signed_out,
    PasswordDue: _password_due,
    UnitRefused: _not_ones_unit,
    CSRFError: _forged,
    FileDamaged: _damaged,
    ArchivesBusy: _busy,
    DataError: _no_such_value,
    OperationalError: _no_storage,
    InterfaceError: _no_storage,
    PoolExhausted: _no_storage,
    OSError: _no_storage,
    HTTPException: _by_status,
    Exception: _unexpected,
}
