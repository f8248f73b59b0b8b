"""A small site on loopback: our own static files and the pages a test puts there, under our own security policy."""

import mimetypes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

STATIC = Path(__file__).parents[2] / "service" / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'"


class StaticSite:
    """Serves `/static/…` from the project and what is put into `pages`; whoever starts it closes it."""

    def __init__(self) -> None:
        self.pages = {
            "/empty": "<!doctype html><html lang='zh-CN'><title>空白</title><body></body>",
            "/favicon.ico": "",
        }
        site = self

        class Visit(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *spoken: object) -> None:
                """Say nothing: pytest's output is for failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Visit)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def put(self, path: str, text: str) -> str:
        """The address of a page (or, by its name, a script) of this text."""
        self.pages[path] = text
        return self.origin + path

    def answer(self, visit: BaseHTTPRequestHandler) -> None:
        """Send what the path asks for, or 404."""
        path = visit.path.partition("?")[0]
        kind, body = self._find(path)
        visit.send_response(200 if kind else 404)
        visit.send_header("Content-Type", kind or "text/plain")
        visit.send_header("Content-Security-Policy", POLICY)
        visit.send_header("Content-Length", str(len(body)))
        visit.end_headers()
        visit.wfile.write(body)

    def _find(self, path: str) -> tuple[str, bytes]:
        if path in self.pages:
            kind = mimetypes.guess_type(path)[0] or "text/html"
            return f"{kind}; charset=utf-8", self.pages[path].encode()
        file = (STATIC / path.removeprefix("/static/")).resolve()
        if path.startswith("/static/") and file.is_file() and STATIC in file.parents:
            return mimetypes.guess_type(file.name)[0] or "application/octet-stream", file.read_bytes()
        return "", b""

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
