"""What does not hold is said as one types, before anything is sent, and taken back as soon as it holds."""

from playwright.sync_api import expect

COLUMN = "natural_person"
RECEIVED, CARRIED = f"requests.received.{COLUMN}", f"requests.carried_in.{COLUMN}"
GRANTED, CARRIED_OUT = f"requests.results.granted.{COLUMN}", f"requests.carried_out.{COLUMN}"
DOCUMENTS = "article_20_1.normative_documents"
BALANCE = f"H3@{RECEIVED}"
UNUSUAL = f"X3@{DOCUMENTS}.in_force"


def nothing_happened(desk, **but):
    """A section three of zeros, apart from what is said."""
    desk.fill(dict.fromkeys(desk.inputs("requests"), "0") | but)


def test_a_finding_comes_and_goes_with_the_figure_without_a_line(visit, desk):
    nothing_happened(desk)
    form = visit("requests", expected=("ERR_INTERNET_DISCONNECTED",))
    expect(form.panel).to_contain_text("这一部分没有发现问题")
    form.page.context.set_offline(True)
    form.type(RECEIVED, "3")
    expect(form.finding(BALANCE)).to_contain_text("“一、本年新收” 3 + “二、上年结转” 0 ＝ 3，应等于")
    expect(form.finding(BALANCE)).to_contain_text("错误")
    expect(form.page.locator("[data-count-findings]")).to_contain_text("1")
    expect(form.page.locator('[data-part="requests"] .tag')).to_have_text("1 处错误")
    expect(form.page.locator(f'td[data-cell="{RECEIVED}"]')).to_have_class("bad")
    expect(form.field(RECEIVED)).to_have_attribute("aria-invalid", "true")
    form.type(GRANTED, "3")
    expect(form.finding(BALANCE)).to_have_count(0)
    expect(form.page.locator('[data-part="requests"] .tag')).to_have_text("完成")
    expect(form.field(RECEIVED)).not_to_have_attribute("aria-invalid", "true")


def test_a_cell_points_to_the_words_about_it(visit, desk):
    nothing_happened(desk)
    form = visit("requests")
    form.type(RECEIVED, "-3")
    finding = form.finding(f"H5@{RECEIVED}")
    expect(finding).to_contain_text("-3 是负数，这一格不能小于 0")
    pointed = form.field(RECEIVED).get_attribute("aria-describedby").split()
    assert finding.get_attribute("id") in pointed


def test_a_link_in_the_panel_leads_into_the_cell(visit, desk):
    nothing_happened(desk, **{RECEIVED: "3"})
    form = visit("requests")
    form.finding(BALANCE).get_by_role("link", name="跳到单元格").click()
    expect(form.field(RECEIVED)).to_be_focused()


def test_alt_and_down_go_from_finding_to_finding_and_round(visit, desk):
    nothing_happened(desk, **{GRANTED: "无", CARRIED_OUT: "/"})
    form = visit("requests")
    expect(form.panel.locator("li")).to_have_count(2)
    for name in (GRANTED, CARRIED_OUT, GRANTED):
        form.page.keyboard.press("Alt+ArrowDown")
        expect(form.field(name)).to_be_focused()


def test_a_link_from_another_page_leads_into_the_field(visit, desk):
    form = visit(f"requests#{CARRIED}")
    expect(form.field(CARRIED)).to_be_focused()


def test_the_server_tells_which_cell_would_mend_it_and_one_press_does(visit, desk):
    nothing_happened(desk)
    form = visit("requests")
    form.type(RECEIVED, "3")
    form.save()
    form.is_saved()
    mend = form.page.locator(f'[data-mend="{CARRIED_OUT}"][data-value="3"]').first
    mend.click()
    expect(form.field(CARRIED_OUT)).to_have_value("3")
    expect(form.finding(BALANCE)).to_have_count(0)
    form.is_saved()
    assert desk.kept()[CARRIED_OUT] == "3"


def test_a_reason_is_typed_beside_its_finding_saved_and_there_again(visit, desk):
    desk.fill(dict.fromkeys(desk.inputs("proactive"), "0") | {f"{DOCUMENTS}.issued": "5"})
    form = visit("proactive")
    expect(form.page.locator('[data-part="proactive"] .tag')).to_have_text("需说明")
    form.type(UNUSUAL, "上级统一废止。")
    form.save()
    form.is_saved()
    expect(form.page.locator('[data-part="proactive"] .tag')).to_have_text("完成")
    assert desk.kept()[UNUSUAL] == "上级统一废止。"
    form.page.reload()
    expect(form.field(UNUSUAL)).to_have_value("上级统一废止。")


def test_a_reason_being_typed_is_not_disturbed_by_what_else_is_found(visit, desk):
    desk.fill(dict.fromkeys(desk.inputs("proactive"), "0") | {f"{DOCUMENTS}.issued": "5"})
    form = visit("proactive")
    form.field(UNUSUAL).focus()
    form.page.keyboard.insert_text("上级")
    desk.fill({"overview.proactive": "2024年，主动公开。"})
    with form.page.expect_response("**/fields"):
        form.save()
    form.page.keyboard.insert_text("废止。")
    expect(form.field(UNUSUAL)).to_have_value("上级废止。")
    expect(form.field(UNUSUAL)).to_be_focused()


def test_a_reason_begun_before_the_rules_have_come_goes_on_in_its_place(visit, desk):
    desk.fill(dict.fromkeys(desk.inputs("proactive"), "0") | {f"{DOCUMENTS}.issued": "5"})
    held = []

    def hold(route):
        held.append(route)

    form = visit("proactive", prepared=lambda page: page.route("**/rules.json?*", hold))
    form.field(UNUSUAL).focus()
    form.page.keyboard.insert_text("上级")
    while not held:
        form.page.wait_for_timeout(20)
    held[0].continue_()
    expect(form.page.locator("[data-finding][data-says]").first).to_be_attached()
    form.page.keyboard.insert_text("废止。")
    expect(form.field(UNUSUAL)).to_have_value("上级废止。")
    expect(form.field(UNUSUAL)).to_be_focused()


def test_a_blank_is_no_mistake_while_one_is_at_it(visit, desk):
    form = visit("requests")
    form.type(GRANTED, "0")
    expect(form.panel).to_contain_text("已填的没有发现问题；还没有填完。")
    expect(form.page.locator('[data-part="requests"] .tag')).to_have_text("填写中")


def test_another_year_in_a_text_is_found_with_the_save(visit, desk):
    form = visit("overview")
    form.type("overview.proactive", "2023年，我局主动公开政府信息14条。")
    form.save()
    expect(form.finding("H6@overview.proactive")).to_contain_text("写的是 2023 年，报告年度是 2024 年")
    form.page.reload()
    expect(form.finding("H6@overview.proactive")).to_contain_text("写的是 2023 年")
