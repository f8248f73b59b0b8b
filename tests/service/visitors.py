"""Who comes to the web: people with browsers, who look at every page, and a program with a key."""

import io
import json
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import Engine
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from storage.people.policy import Person
from storage.people.sessions import open_session
from storage.session import session_scope
from storage.tables import Account

VOID = {"col", "input", "link", "meta", "br", "path", "img", "hr"}


class Balanced(HTMLParser):
    """Refuses a page whose elements are not closed in the order they were opened, or that has an id twice."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not (name == "id" and value in self.ids), f"id twice: {value}"
            if name == "id" and value:
                self.ids.add(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What a drawing within the page is made of closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        opened = self.open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"


class Page:
    """An answer as a person sees it."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.text = answer.get_data(as_text=True)
        if answer.location:
            # Nobody sees it: the browser goes on.
            return
        if self.text.startswith("<!doctype"):
            Balanced(self.text)
            self.tree = html.document_fromstring(self.text)
            self._look()
        elif self.text:
            self.tree = html.fragment_fromstring(self.text, create_parent=True)

    @property
    def title(self) -> str:
        return str(self.tree.findtext(".//title"))

    @property
    def heading(self) -> str:
        return " ".join(self.tree.find(".//h1").text_content().split())

    @property
    def words(self) -> str:
        """Everything that can be read on it."""
        return " ".join(self.tree.text_content().split())

    def all(self, path: str) -> list[Any]:
        return list(self.tree.xpath(path))

    def _look(self) -> None:
        assert self.heading in self.title, f"title {self.title!r} is not of the page {self.heading!r}"
        assert self.title.endswith(" · 年度报告")
        for form in self.all("//form[@method='post']"):
            assert form.xpath(".//input[@name='csrf_token']/@value"), "a form without its token"
        for control in self.all("//input[not(@type='hidden')]"):
            called = self.all(f"//label[@for='{control.get('id')}']") or control.get("aria-labelledby")
            assert called, f"nobody says what {control.get('id')} is"


class Browser:
    """A person's browser: keeps its cookies, and sends forms as they stand on the page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> Page:
        return Page(self.client.get(path, headers={"Accept": "text/html", **headers}, buffered=True))

    def post(self, path: str, fields: dict[str, Any], **headers: str) -> Page:
        boundary, body = encode_multipart(fields)
        kind = f'multipart/form-data; boundary="{boundary}"'
        answer = self.client.post(path, data=body, content_type=kind, headers={"Accept": "text/html", **headers})
        return Page(answer)

    def send(self, page: Page, action: str, **fields: Any) -> Page:
        """Send the form of a page that leads to `action`, with what is in it already."""
        [form] = page.all(f"//form[@action='{action}']")
        hidden = {one.get("name"): one.get("value", "") for one in form.xpath(".//input[@type='hidden']")}
        return self.post(action, {**hidden, **fields})

    def sign_in(self, login: str, password: str) -> Page:
        return self.send(self.get("/sign-in"), "/sign-in", login=login, password=password)

    def enter(self, engine: Engine, person: Person) -> "Browser":
        """Be signed in already, without the time that a password takes."""
        with session_scope(engine) as session:
            account = session.get_one(Account, person.account_id)
            token = open_session(session, account, "127.0.0.1", "a test")
        with self.client.session_transaction() as cookie:
            cookie["token"] = token
        return self

    def hand_in(self, data: bytes, name: str = "answers.json") -> Page:
        return self.send(self.get("/reports"), "/reports", answers=FileStorage(io.BytesIO(data), name))


class Program:
    """A program of another office, with its key."""

    def __init__(self, client: FlaskClient, key: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={**self.headers, **headers}, buffered=True)

    def hand_in(self, data: bytes) -> TestResponse:
        return self.client.post("/api/v1/reports", data=data, headers=self.headers)


def told(answer: TestResponse) -> dict[str, Any]:
    """What an answer says, as JSON."""
    found: dict[str, Any] = json.loads(answer.get_data())
    return found
