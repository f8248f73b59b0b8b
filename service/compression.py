"""Pages travel packed: a form of two hundred cells says nearly the same two hundred times."""

import gzip
import io
import secrets
from typing import Final

from flask import Flask, Response, request

# Below this, packing costs more than it saves.
_WORTH_IT: Final = 2048
_PACKED: Final = ("text/html", "application/json", "text/css", "text/javascript")
_LEVEL: Final = 5
_LONGEST_PADDING: Final = 64


def set_up(app: Flask) -> None:
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if response.mimetype not in _PACKED or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == 304 or not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    plain = response.get_data()
    if len(plain) >= _WORTH_IT:
        response.set_data(_packed(plain))
        response.headers["Content-Encoding"] = "gzip"
        # The entity tag names these bytes, not the plain ones.
        response.headers.pop("ETag", None)
    return response


def _packed(plain: bytes) -> bytes:
    """Packed, with a name of random length in its head.

    Who watches the line and makes a page repeat a guess must not learn from its length whether the guess stands in it
    a second time (BREACH).
    """
    name = "n" * secrets.randbelow(_LONGEST_PADDING)
    written = io.BytesIO()
    with gzip.GzipFile(name, "wb", _LEVEL, written, mtime=0) as file:
        file.write(plain)
    return written.getvalue()
