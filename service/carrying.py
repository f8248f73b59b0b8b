"""What was typed goes along when a request is stopped (signed out, out of date, no database) and is sent again.

It travels as hidden fields: through the sign-in page, or on the page that tells of the trouble. Nothing of it is
stored before whoever typed it presses a button again, signed in and with a token of the new page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException

View = TypeVar("View", bound=Callable[..., Any])

_MARK: Final = "typed:"
_OWN: Final = frozenset({"csrf_token"})
# Among what was typed: it is to stand in its form again, and nothing is done with it yet.
SHOWN: Final = "shown"
DOOR: Final = "pages.enter"


@dataclass(frozen=True, slots=True)
class Carried:
    """Fields on their way, and where they are to be sent."""

    address: str
    fields: tuple[tuple[str, str], ...]

    @property
    def is_shown(self) -> bool:
        """Whether its button leads back to the form, and does not save."""
        return (SHOWN, "yes") in self.fields

    @property
    def marked(self) -> tuple[tuple[str, str], ...]:
        """The fields under names that cannot be taken for those of the sign-in page."""
        return tuple((f"{_MARK}{name}", value) for name, value in self.fields)


def carried_along(view: View) -> View:
    """What is sent to this view is carried along when it cannot be called."""
    view.carried_along = True  # type: ignore[attr-defined]
    return view


def shown_again(view: View) -> View:
    """What is sent to this view is carried back into its form: it does more than keep words, see `is_shown_again`."""
    view.shown_again = True  # type: ignore[attr-defined]
    return carried_along(view)


def is_shown_again() -> bool:
    """Whether this request only brings back what was typed."""
    return request.form.get(SHOWN) == "yes"


def set_up(app: Flask) -> None:
    app.jinja_env.globals.update(carried=carried)


def carried() -> Carried | None:
    """What this request brought along; None when there is nothing, or another site sent it."""
    if request.method != "POST" or _is_from_elsewhere():
        return None
    try:
        sent = [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN]
    except HTTPException:
        # More than we read.
        return None
    address = request.path
    if request.endpoint == DOOR:
        address = request.form.get("next", "")
        sent = [(name[len(_MARK) :], value) for name, value in sent if name.startswith(_MARK)]
    view = _view_at(address)
    if not sent or not getattr(view, "carried_along", False):
        return None
    if getattr(view, "shown_again", False) and (SHOWN, "yes") not in sent:
        sent.append((SHOWN, "yes"))
    return Carried(address, tuple(sent))


def _is_from_elsewhere() -> bool:
    """Whether another site sent this: nobody is to be asked to press a button over words that are not their own."""
    if relation := request.headers.get("Sec-Fetch-Site"):
        return relation not in ("same-origin", "none")
    # Over plain HTTP browsers do not say so; then they say where the form was.
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).hostname != urlsplit(f"//{request.host}").hostname
    except ValueError:
        return True


def _view_at(address: str) -> object:
    """What is behind an address of ours; None for any other: anybody can write anything into a field."""
    try:
        endpoint, _ = current_app.create_url_adapter(request).match(address, method="POST")  # type: ignore[union-attr]
    except HTTPException:
        return None
    return current_app.view_functions[endpoint]
