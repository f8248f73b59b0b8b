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
        campaigns,
        capacity,
        documents,
        fields,
        fill,
        findings,
        home,
        overview,
        passwords,
        preview,
        publishing,
        receipt,
        reminders,
        reports,
        review,
        review_acts,
        review_report,
        roster_entries,
        send,
        sign,
        sign_in,
        start,
        system,
        template_trials,
        templates,
        units,
        units_import,
    )

    app.register_blueprint(pages)
