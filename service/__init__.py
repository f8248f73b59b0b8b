"""HOW people meet the service: pages, API, command line."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from storage.settings import Settings

LARGEST_ENVELOPE = 64 * 1024
# The longest section: five texts of 30,000 characters, each of nine bytes on its way, and as much again for safety.
LARGEST_FORM = 3 * 1024 * 1024

# In this order. Language before all that refuses: a refusal is in the words of whoever asked.
PARTS = (
    "journal",
    "safety",
    "compression",
    "language",
    "errors",
    "carrying",
    "access",
    "words",
    "scripts",
    "account_words",
    "navigation",
    "pages",
    "public",
    "api",
    "health",
    "metrics",
)


def create_app(settings: Settings) -> Flask:
    """The web of one office."""
    # Every command imports this package, and few of them need the web, which takes a second to load.
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from reports.strict_json import MAX_BYTES
    from service import resources
    from storage.settings import session_secret

    app = Flask(__name__, template_folder="html")
    app.config.update(
        SECRET_KEY=session_secret(settings),
        SESSION_COOKIE_NAME="__Host-nianbao" if settings.https else "nianbao",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=settings.session_seconds,
        MAX_CONTENT_LENGTH=MAX_BYTES + LARGEST_ENVELOPE,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=20,
        # A page may stay open all day; the token dies with the session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    # Each proxy of ours adds where it was called from; what came before that, anybody may have written.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    resources.provide(app, settings)
    for part in PARTS:
        import_module(f"service.{part}").set_up(app)
    return app
