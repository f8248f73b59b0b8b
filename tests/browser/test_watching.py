"""The browser of these tests notices what a person would not: it must be seen to notice."""

import pytest
from playwright.sync_api import expect

from tests.browser.watching import Watch


@pytest.fixture
def watched(chromium, static_site):
    """A page somebody watches, outside the fixture that would fail this very test."""
    context = chromium.new_context(base_url=static_site.origin)
    watch = Watch(context, static_site.origin, expected=("409",))
    page = context.new_page()
    page.goto("/empty")
    yield page, watch
    context.close()


def test_an_error_in_the_console_is_noticed(watched):
    page, watch = watched
    page.evaluate("console.error('broken')")
    page.evaluate("0")
    assert [trouble for trouble in watch.troubles if "broken" in trouble]


def test_an_exception_that_nobody_catches_is_noticed(watched):
    page, watch = watched
    with page.context.expect_event("weberror"):
        page.evaluate("Promise.resolve().then(() => { throw new Error('lost'); }); 0")
    assert [trouble for trouble in watch.troubles if "lost" in trouble]


def test_a_request_to_elsewhere_is_noticed(watched):
    page, watch = watched
    with page.expect_event("request"):
        page.evaluate("location.href = 'http://localhost:9/'; 0")
    assert [trouble for trouble in watch.troubles if trouble.startswith("left the site: GET http://localhost:9/")]


def test_an_error_that_was_announced_is_let_pass(watched):
    page, watch = watched
    page.evaluate("console.error('the server responded with a status of 409')")
    page.evaluate("0")
    assert watch.troubles == []


def test_the_security_policy_of_the_product_holds_on_made_up_pages(new_page, static_site):
    page = new_page(static_site.origin, "/empty", expected=("Content Security Policy",))
    page.evaluate("const s = document.createElement('script'); s.textContent = 'ran = 1'; document.body.append(s)")
    assert page.evaluate("window.ran") is None


def test_the_real_web_server_answers_the_browser(new_page, web):
    page = new_page(f"http://127.0.0.1:{web.port}", "/sign-in")
    expect(page.locator("h1")).not_to_be_empty()
