"""催报: choose whom, look at the words, send; what became of each, and whom to call instead."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from service import access
from service.collecting import campaign_here, campaigns_here
from service.deadlines import today
from service.language import _
from service.moves import people
from service.pages import pages
from service.pages.campaigns import own
from service.resources import resources
from service.rosters.lines import PARTS, Line, Part, counts, lines_of
from service.rosters.reminding import REMINDED, Round, TextRefused, compose, places_of, quiet_until, usual_text
from service.rosters.turning import FARTHEST
from storage.people.policy import Act
from storage.post import reminders as storage
from storage.session import reading_scope, session_scope
from storage.tables import Campaign, ReminderState, Unit

A_PAGE: Final = 50
# Whom one can remind at all: everybody else has filed, or need not.
CHOICES: Final = (Part.MISSING, Part.LATE, Part.RETURNED)
# In the look through what is about to be sent; the rest reads alike.
_SHOWN: Final = 5


@pages.get("/reminders")
@access.person
def reminders() -> str:
    with reading_scope(resources().engine) as session:
        campaign = campaign_here(session, Act.CAMPAIGN)
        return _page(session, campaign)


@pages.post("/reminders/preview")
@access.person
def preview_reminders() -> str | tuple[str, int]:
    with reading_scope(resources().engine) as session:
        campaign = own(session, request.form.get("campaign", ""))
        lines = _chosen(session, campaign)
        if not lines:
            return _page(session, campaign, {"unit": _("没有选择单位，或所选单位都已报送。")}), 422
        try:
            round_ = _composed(session, campaign, lines)
        except TextRefused as error:
            return _page(session, campaign, error.problems), 422
        return _look(campaign, lines, round_)


@pages.post("/reminders/edit")
@access.person
def edit_reminders() -> str:
    with reading_scope(resources().engine) as session:
        return _page(session, own(session, request.form.get("campaign", "")))


@pages.post("/reminders")
@access.person
def send_reminders() -> Response | tuple[str, int]:
    office = resources()
    if not office.settings.smtp_host:
        with reading_scope(office.engine) as session:
            campaign = own(session, request.form.get("campaign", ""))
            return _page(session, campaign, {"": _("还没有设置邮件服务器，什么都没有发出。请用电话催报。")}), 422
    try:
        with session_scope(office.engine) as session:
            campaign = own(session, request.form.get("campaign", ""))
            # Whoever has filed meanwhile is not written to.
            round_ = _composed(session, campaign, _chosen(session, campaign))
            posted = storage.post(session, campaign, round_.letters, access.actor(), _not_before())
    except TextRefused as error:
        with reading_scope(office.engine) as session:
            return _page(session, own(session, request.form.get("campaign", "")), error.problems), 422
    flash(_told(posted))
    return redirect(url_for("pages.reminders", campaign=campaign.public_id, _anchor="log"), 303)


@pages.post("/reminders/cancel")
@access.person
def cancel_reminders() -> Response:
    with session_scope(resources().engine) as session:
        campaign = own(session, request.form.get("campaign", ""))
        many = storage.cancel(session, campaign, access.actor(), request.form.get("reminder") or None)
    flash(_("已取消 {n} 封。").format(n=many) if many else _("没有可以取消的：已经发出的收不回来。"))
    return redirect(url_for("pages.reminders", campaign=campaign.public_id, _anchor="log"), 303)


@pages.get("/reminders/calls")
@access.person
def calls() -> str:
    with reading_scope(resources().engine) as session:
        campaign = campaign_here(session, Act.CAMPAIGN)
        if campaign is None:
            raise NotFound
        only_these = request.args.get("all") != "1"
        lines = [one for one in lines_of(session, campaign, today()) if one.is_missing]
        shown = [one for one in lines if not (only_these and one.reach.addresses)]
        return render_template(
            "roster/calls.html",
            campaign=campaign,
            lines=shown,
            many=len(lines),
            only_these=only_these,
            reminded=REMINDED,
        )


def _page(session: Session, campaign: Campaign | None, wrong: Mapping[str, str] | None = None) -> str:
    if campaign is None:
        return render_template("roster/overview_empty.html")
    lines = lines_of(session, campaign, today())
    part = _part()
    missing = [line for line in lines if line.is_missing]
    start = min(max(0, request.args.get("from", 0, type=int)), FARTHEST)
    log = storage.log_of(session, campaign, A_PAGE + 1, start)
    subject, body = usual_text(part is Part.LATE)
    form = request.form
    return render_template(
        "roster/reminders.html",
        campaign=campaign,
        campaigns=campaigns_here(session, Act.CAMPAIGN),
        missing=missing,
        chosen={line.unit.public_id for line in (_of_form(missing) if "unit" in form else missing) if line.is_in(part)},
        part=part,
        parts={key: PARTS[key] for key in CHOICES},
        counts=counts(lines),
        subject=form.get("subject", subject),
        body=form.get("body", body),
        braces="、".join(f"{{{one}}}" for one in (_places(session, campaign)(lines[0]) if lines else ())),
        wrong=wrong or {},
        mail=bool(resources().settings.smtp_host),
        quiet=_not_before(),
        log=log[:A_PAGE],
        older=start + A_PAGE if len(log) > A_PAGE else None,
        newer=max(0, start - A_PAGE) if start else None,
        waiting=storage.counts(session, campaign).get(ReminderState.QUEUED, 0),
        by=people(session, [one.made_by for one, _unit in log]),
        reminded=REMINDED,
    )


def _look(campaign: Campaign, lines: Sequence[Line], round_: Round) -> str:
    return render_template(
        "roster/reminders_preview.html",
        campaign=campaign,
        lines=lines,
        round=round_,
        shown=round_.letters[:_SHOWN],
        quiet=_not_before(),
        mail=bool(resources().settings.smtp_host),
    )


def _chosen(session: Session, campaign: Campaign) -> list[Line]:
    """The units that were ticked, as far as they can still be reminded."""
    return _of_form([line for line in lines_of(session, campaign, today()) if line.is_missing])


def _of_form(lines: Sequence[Line]) -> list[Line]:
    # The page that shows the words carries its units in one field: three thousand would be too many parts.
    ticked = {one for value in request.form.getlist("unit") for one in value.split()}
    return [line for line in lines if line.unit.public_id in ticked]


def _composed(session: Session, campaign: Campaign, lines: Sequence[Line]) -> Round:
    form = request.form
    return compose(form.get("subject", ""), form.get("body", ""), lines, _places(session, campaign))


def _places(session: Session, campaign: Campaign) -> Callable[[Line], dict[str, str]]:
    office = session.get_one(Unit, campaign.supervisor_id)
    scheme = "https" if resources().settings.https else request.scheme
    address = url_for("pages.home", _external=True, _scheme=scheme)
    return lambda line: places_of(line, campaign, office, address)


def _part() -> Part:
    wanted = request.values.get("part", "")
    return Part(wanted) if wanted in CHOICES else Part.MISSING


def _not_before() -> datetime | None:
    return quiet_until(resources().settings.quiet_hours, datetime.now(UTC))


def _told(posted: storage.Posted) -> str:
    told: list[Any] = [_("{n} 封催报已排好，马上发出。").format(n=len(posted.made))] if posted.made else []
    if posted.made and (quiet := _not_before()):
        told = [_("{n} 封催报已排好，{when} 以后发出。").format(n=len(posted.made), when=f"{quiet:%H:%M}")]
    if posted.left_out:
        told.append(_("{n} 个单位刚催过或正在发送，没有重复催。").format(n=len(posted.left_out)))
    return "".join(told) or _("没有要发的：所选单位都已报送，或没有邮箱。")
