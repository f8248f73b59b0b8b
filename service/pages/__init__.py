"""What people see: sign in, hand in, follow, read, download."""

from flask import Blueprint, Flask

pages = Blueprint("pages", __name__)


def set_up(app: Flask) -> None:
    # The views hang themselves on the blueprint above.
    from service.pages import (  # noqa: F401
        account,
        account_import,
        accounts,
        archives,
        audit,
        batch_units,
        batches,
        documents,
        fields,
        fill,
        findings,
        home,
        passwords,
        preview,
        publishing,
        receipt,
        reports,
        review,
        review_acts,
        review_report,
        send,
        sign,
        sign_in,
        start,
        template_trials,
        templates,
    )

    app.register_blueprint(pages)
