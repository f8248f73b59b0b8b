"""总览: what a supervising office sees first."""

import io
from typing import Final

from flask import render_template, request, send_file
from werkzeug.wrappers import Response

from service import access
from service.collecting import campaign_here, campaigns_here
from service.deadlines import today
from service.language import _
from service.pages import pages
from service.resources import resources
from service.rosters.lines import PARTS, Line, Part, like, lines_of
from service.rosters.overview import Overview
from service.rosters.reminding import REMINDED
from service.rosters.turning import leaf_of
from service.rosters.writing import table_file
from service.words import moment
from storage.people.policy import Act
from storage.session import reading_scope
from storage.tables import Unit

A_PAGE: Final = 50
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS: Final = (34, 22, 12, 12, 12, 30, 34, 22, 30)


@pages.get("/overview")
@access.person
def overview() -> str:
    with reading_scope(resources().engine) as session:
        campaigns = campaigns_here(session, Act.REVIEW)
        campaign = campaign_here(session, Act.REVIEW)
        if campaign is None:
            return render_template("roster/overview_empty.html")
        office = session.get_one(Unit, campaign.supervisor_id)
        view = Overview(campaign, lines_of(session, campaign, today()))
        part, typed = _part(view), request.args.get("like", "").strip()[:100]
        found = [line for line in view.lines if line.is_in(part) and (not typed or like(line.unit, typed))]
        return render_template(
            "roster/overview.html",
            view=view,
            office=office,
            campaigns=campaigns,
            leaf=leaf_of(found, A_PAGE),
            part=part,
            parts=PARTS,
            like=typed,
            reminded=REMINDED,
        )


@pages.get("/overview/list.xlsx")
@access.person
def overview_list() -> Response:
    with reading_scope(resources().engine) as session:
        campaign = campaign_here(session, Act.REVIEW)
        lines = lines_of(session, campaign, today()) if campaign else ()
        rows = [_row(line) for line in lines]
        year = campaign.year if campaign else today().year
    heading = (
        _("单位"),
        _("统一社会信用代码"),
        _("状态"),
        _("报送截止"),
        _("逾期天数"),
        _("联系人和电话"),
        _("邮箱"),
        _("最近催报"),
        _("说明"),
    )
    name = _("{year}年度报送情况 {day}.xlsx").format(year=year, day=today().isoformat())
    data = table_file(_("报送情况"), heading, _WIDTHS, rows)
    return send_file(io.BytesIO(data), as_attachment=True, download_name=name, mimetype=XLSX)


def _part(view: Overview) -> Part:
    wanted = request.args.get("part", "")
    return Part(wanted) if wanted in list(Part) else view.first_part


def _row(line: Line) -> list[str | int]:
    entry, told = line.standing.entry, line.reminder
    why = [entry.exempt_because or "", entry.extended_because, entry.added_because]
    return [
        line.unit.name,
        line.unit.code or "",
        line.state.word,
        "" if line.standing.is_exempt else line.standing.due.isoformat(),
        line.days_late if line.is_late else "",
        line.reach.telephone,
        " ".join(line.reach.addresses),
        f"{moment(told.sent_at or told.made_at)} {REMINDED[told.state]().word}" if told else "",
        "；".join(one for one in why if one),
    ]
