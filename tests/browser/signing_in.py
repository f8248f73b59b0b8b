"""Signed in without the time that a password takes."""

from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy import Engine

from storage.people.policy import Person
from storage.people.sessions import open_session
from storage.session import session_scope
from storage.tables import Account


def sign_in(context: BrowserContext, app: Flask, origin: str, person: Person) -> None:
    """The browser is where it is after the sign-in page."""
    engine: Engine = app.extensions["nianbao"].engine
    with session_scope(engine) as session:
        token = open_session(session, session.get_one(Account, person.account_id), "127.0.0.1", "a test")
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["token"] = token
    made = client.get_cookie("nianbao")
    assert made is not None
    context.add_cookies([{"name": "nianbao", "value": made.value, "url": origin}])
