"""What people see: sign in, hand in, follow, read, download."""

from flask import Blueprint, Flask

pages = Blueprint("pages", __name__)


def set_up(app: Flask) -> None:
    # The views hang themselves on the blueprint above.
    from service.pages import documents, reports, sign_in  # noqa: F401

    app.register_blueprint(pages)
