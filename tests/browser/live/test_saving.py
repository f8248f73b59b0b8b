"""What is typed is saved by itself, and never lost."""

from playwright.sync_api import expect

GRANTED = "requests.results.granted.natural_person"


def test_a_figure_is_saved_when_its_cell_is_left(visit, desk):
    form = visit("requests")
    form.type(GRANTED, "7")
    form.page.keyboard.press("Enter")
    form.is_saved()
    assert desk.kept()[GRANTED] == "7"
    form.page.reload()
    expect(form.field(GRANTED)).to_have_value("7")
