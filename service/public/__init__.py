"""What everybody may read: the catalogue, each report as a page, its files, the figures as open data. No sign-in."""

from flask import Blueprint, Flask

# At the root as well: robots.txt and sitemap.xml have their places.
public = Blueprint("public", __name__)


def set_up(app: Flask) -> None:
    # The views hang themselves on the blueprint above.
    from service.public import (  # noqa: F401
        appearance,
        catalogue,
        figures,
        files,
        reports,
        robots,
    )
    from service.public.addresses import Live
    from service.public.looks import SIZES, choices

    app.register_blueprint(public)
    app.jinja_env.globals.update(live_addresses=Live(), appearance_choices=choices, SIZES=SIZES)
