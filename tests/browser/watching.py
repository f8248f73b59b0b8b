"""What a person never sees and a test must: errors in the console, and requests that leave the site."""

import re
from collections.abc import Iterable

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# A page may speak to itself.
_WITHIN = ("data:", "blob:", "about:")


class Watch:
    """Looks over a browser context and keeps what must not happen.

    `expected` are patterns of console errors that a test provokes on purpose, such as the browser's own
    "Failed to load resource: … 409" after a conflict.
    """

    def __init__(self, context: BrowserContext, origin: str, expected: Iterable[str] = ()) -> None:
        self.origin = origin
        self.expected = [re.compile(pattern) for pattern in expected]
        self.troubles: list[str] = []
        context.on("console", self._heard)
        context.on("weberror", self._failed)
        context.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"console: {message.text} ({message.location.get('url', '')})")

    def _failed(self, error: WebError) -> None:
        self._note(f"uncaught: {error.error}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin + "/", *_WITHIN)):
            self._note(f"left the site: {request.method} {request.url}")

    def _note(self, trouble: str) -> None:
        if not any(pattern.search(trouble) for pattern in self.expected):
            self.troubles.append(trouble)
