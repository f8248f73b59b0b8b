"""A form as a browser without scripts holds and sends it: controls as they stand, and the button that is pressed."""

from typing import Any
from urllib.parse import urlencode

from tests.service.visitors import Browser, Page


def standing_in(page: Page, form: str = "fill") -> dict[str, str]:
    """What stands in the fields of a form, whether they are inside it or belong to it from elsewhere."""
    inside = page.all(f"//form[@id='{form}']//*[@name] | //*[@name][@form='{form}']")
    held = {}
    for control in inside:
        if control.tag == "input" and control.get("type") in ("text", "hidden"):
            held[control.get("name")] = control.get("value", "")
        elif control.tag == "textarea":
            # The first line end after the tag is not part of the text.
            held[control.get("name")] = (control.text or "").removeprefix("\n")
    return held


def press(browser: Browser, page: Page, button: str, typed: dict[str, str] | None = None, form: str = "fill") -> Page:
    """Type into fields that are there, then press the button that says `go=button`."""
    held = standing_in(page, form)
    assert set(typed or {}) <= set(held), "nobody can type into a field that is not there"
    buttons = page.all(f"//form[@id='{form}']//button/@value | //button[@form='{form}']/@value")
    assert button in buttons, f"there is no button {button}, only {buttons}"
    [action] = page.all(f"//form[@id='{form}']/@action")
    return send(browser, action, {**held, **(typed or {}), "go": button})


def send(browser: Browser, action: str, fields: dict[str, Any]) -> Page:
    """Fields on their way, line ends as browsers send them."""
    body = urlencode({name: str(value).replace("\n", "\r\n") for name, value in fields.items()})
    return Page(
        browser.client.post(
            action,
            data=body,
            content_type="application/x-www-form-urlencoded",
            headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"},
        )
    )


def resend(browser: Browser, page: Page) -> Page:
    """Press the button of the page that holds what was not taken."""
    [form] = page.all("//form[@class='resend']")
    held = {one.get("name"): one.get("value", "") for one in form.xpath(".//input")}
    return send(browser, form.get("action"), held)
