"""What programs talk to: version 1 of the API, its description, and a page to read it on."""

from flask import Blueprint, Flask
from flask.json.provider import DefaultJSONProvider

from service.access import csrf

v1 = Blueprint("api", __name__, url_prefix="/api/v1")


def set_up(app: Flask) -> None:
    # The views hang themselves on the blueprint above.
    from service.api import definitions, documents, jobs, reports  # noqa: F401
    from service.api.docs import docs

    app.json = _PlainJSON(app)
    # No cookie opens the API, so no other site can make a browser misuse it.
    csrf.exempt(v1)
    app.register_blueprint(v1)
    app.register_blueprint(docs)


class _PlainJSON(DefaultJSONProvider):
    """JSON that people can read too: Chinese as it is, keys in the order of telling."""

    ensure_ascii = False
    sort_keys = False
