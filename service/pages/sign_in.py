"""Entering the access key, once for each browser session, and leaving."""

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from service import access
from service.pages import pages


@pages.get("/sign-in")
@access.everybody
def sign_in() -> str:
    return render_template("sign_in.html")


@pages.post("/sign-in")
@access.everybody
def enter_key() -> Response:
    access.sign_in(request.form.get("key", ""))
    return redirect(access.local_address(request.form.get("next")), 303)


@pages.post("/sign-out")
@access.everybody
def sign_out() -> Response:
    session.clear()
    return redirect(url_for("pages.sign_in"), 303)
