"""The first page: for whoever answers for units what lies on the desk, for everybody else the way to their work."""

from typing import Any

from flask import get_flashed_messages, redirect, render_template, request, url_for

from service import access
from service.duties import duties_of
from service.laying_out import desk_of
from service.pages import pages
from service.resources import resources
from storage.people.policy import Act, can_anywhere
from storage.session import reading_scope


@pages.get("/")
@access.person
def home() -> Any:
    person = access.me()
    if not can_anywhere(person, Act.FILL, Act.SIGN):
        if can_anywhere(person, Act.REVIEW):
            return redirect(url_for("pages.overview"))
        return render_template("duties.html", duties=duties_of(person))
    told = get_flashed_messages()
    with reading_scope(resources().engine) as session:
        desk = desk_of(session, person, request.args.get("unit"), request.args.get("campaign"), told)
        return render_template("home.html", desk=desk)
