"""The scripts of the form: kept by browsers for a year, and never an old one beside a new one."""

import re

import pytest


def first(office):
    """The address of the script that a page of the form starts."""
    with office.app.test_request_context():
        return office.app.jinja_env.globals["script_file"]("main.js")


def test_a_script_is_kept_for_a_year_under_a_name_that_all_of_them_make(office):
    address = first(office)
    assert re.fullmatch(r"/scripts/[0-9a-f]{12}/form/main\.js", address)
    answer = office.app.test_client().get(address, buffered=True)
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]


def test_what_a_script_brings_in_lies_beside_it_under_the_same_name(office):
    address = first(office)
    said = office.app.test_client().get(address, buffered=True).get_data(as_text=True)
    brought = re.findall(r'from "\./([a-z]+\.js)"', said)
    assert len(brought) > 5
    for name in brought:
        beside = address.replace("main.js", name)
        assert "immutable" in office.app.test_client().get(beside, buffered=True).headers["Cache-Control"]


def test_under_a_name_from_before_an_upgrade_nothing_is_kept(office):
    answer = office.app.test_client().get("/scripts/0123456789ab/form/main.js", buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] in ("no-store", "no-cache")


@pytest.mark.parametrize("name", ["nothing.js", "nianbao.css", "../words.py", "%2e%2e/words.py"])
def test_nothing_else_is_found_there(office, name):
    assert office.app.test_client().get(f"/scripts/0123456789ab/{name}", buffered=True).status_code == 404
