"""The texts: counted, as tall as they are, clean when pasted, and last year's taken over with one press."""

import pytest
from playwright.sync_api import expect

from tests.people import annual, but, ordinary_report, read

FOUND = "problems.found"
# What the browser does when somebody pastes: the event with what is on the clipboard; whether the page took it over.
PASTE = """([name, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const field = document.getElementById(name);
  field.focus();
  return !field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
FROM_WORD = "\uf0b7\t公开\u00a0不够及时。\x0b\u3000\u3000栏目更新  慢。\r\n\r\n1.\t人员少。\u200b"
CLEAN = "公开 不够及时。\n栏目更新 慢。\n1.人员少。"


def paste(form, text):
    return form.page.evaluate(PASTE, [FOUND, text])


def test_what_word_brings_along_stays_outside_and_can_be_brought_back(visit, desk):
    form = visit("problems")
    assert paste(form, FROM_WORD)
    expect(form.field(FOUND)).to_have_value(CLEAN)
    expect(form.page.locator("[data-cleaning]")).to_contain_text("去掉项目符号 1 个")
    form.save()
    form.is_saved()
    desk.comes_to_keep({FOUND: CLEAN})
    form.page.get_by_role("button", name="恢复原样").click()
    expect(form.field(FOUND)).to_have_value(FROM_WORD.replace("\r\n", "\n"))


def test_a_clean_text_is_left_to_the_browser(visit):
    form = visit("problems")
    assert not paste(form, "公开不够及时。\n人员少。")
    expect(form.page.locator("[data-cleaning]")).to_have_count(0)


def test_half_width_punctuation_is_offered_changed_and_given_back(visit):
    form = visit("problems")
    typed = "公开不够,栏目(含专栏)更新慢:全年3.5次, 见www.example.cn:80/a,b。"
    form.type(FOUND, typed)
    form.page.keyboard.press("Tab")
    form.page.get_by_role("button", name="改为全角").click()
    changed = "公开不够，栏目（含专栏）更新慢：全年3.5次， 见www.example.cn:80/a,b。"
    expect(form.field(FOUND)).to_have_value(changed)
    form.page.locator("[data-cleaning]").get_by_role("button", name="撤销").click()
    expect(form.field(FOUND)).to_have_value(typed)


def test_characters_are_counted_as_on_paper_and_the_field_grows(visit):
    form = visit("overview")
    name = "overview.proactive"
    low = form.field(name).bounding_box()["height"]
    form.type(name, "　　主动公开。\n\n  第二段𠮷。 \n" + "长\n" * 40)
    expect(form.page.locator(f'[id="count-{name}"]')).to_have_text("50 字")
    expect(form.page.locator("[data-together]")).to_have_text("本部分共 50 字，宜在 1000 字以内。")
    assert form.field(name).bounding_box()["height"] > low
    assert form.field(name).evaluate("field => field.scrollHeight <= field.clientHeight + 1")
    form.type("overview.oversight", "长" * 1000)
    expect(form.page.locator("[data-together]")).to_contain_text("多 50 字")


@pytest.fixture
def last_year(desk):
    """The report that the unit sent in the year before."""
    report = but(ordinary_report(desk.unit.name, 2023), texts={FOUND: "去年的问题。\n还有一条。"})
    desk.sent_last_year(read(report))


def test_last_years_text_is_taken_over_and_given_back(visit, desk, last_year):
    form = visit("problems")
    adopt = form.page.locator(f'[data-adopt="{FOUND}"]')
    adopt.click()
    expect(form.field(FOUND)).to_have_value("去年的问题。\n还有一条。")
    expect(form.field(FOUND)).to_be_focused()
    expect(adopt).to_be_hidden()
    form.is_saved()
    desk.comes_to_keep({FOUND: "去年的问题。\n还有一条。"})
    form.page.locator(f'.passage[data-text="{FOUND}"]').get_by_role("button", name="撤销").click()
    expect(form.field(FOUND)).to_have_value("")
    form.is_saved()
    desk.comes_to_keep({FOUND: ""})


def test_a_figure_that_does_not_follow_from_last_year_is_found_as_one_types(visit, desk, last_year):
    form = visit("requests", expected=("ERR_INTERNET_DISCONNECTED",))
    form.page.context.set_offline(True)
    form.type("requests.carried_in.natural_person", "5")
    expect(form.finding("X1@requests.carried_in.natural_person")).to_contain_text(
        "“二、上年结转” 5，应等于上年“四、结转下年度继续办理” 1，相差 4"
    )


def test_a_script_in_every_text_stays_text(visit, desk):
    evil = "</textarea><script>window.hit=1</script><img src=x onerror='window.hit=1'>{{7*7}}"
    names = [*annual().texts]
    desk.fill(dict.fromkeys(names, evil) | {"X3@article_20_1.regulations.in_force": evil})
    desk.fill({"requests.received.natural_person": "<img src=x onerror=hit()>"})
    for section in ("overview", "proactive", "requests", "problems", "other"):
        form = visit(section)
        for name in names:
            if name.startswith(f"{section}."):
                expect(form.field(name)).to_have_value(evil)
        assert form.page.evaluate("window.hit") is None
    form = visit("problems")
    form.type(FOUND, f"我的{evil}")
    desk.fill({FOUND: f"同事的{evil}"})
    form.save()
    expect(form.page.locator(f'[data-conflict="{FOUND}"] .words')).to_have_text([f"我的{evil}", f"同事的{evil}"])
    assert form.page.evaluate("window.hit") is None
