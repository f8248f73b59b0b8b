"""The preview shows the pages of what is filled in now; while they are made, the last ones stay."""

import io
import json
import re

import pytest
from PIL import Image
from sqlalchemy import func, select, update

from storage.session import reading_scope, session_scope
from storage.tables import Document, Job, JobState, Lane, Revision
from tests.printing import pdf_with
from tests.service.conftest import Office
from tests.service.drafts import job_of, ready, retype, send
from tests.service.visitors import Browser, Page

HEADINGS = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "另一个标题")
SILENT = "转换 120 秒未完成，已终止 2 次。"


def ask_for(browser: Browser, public_id: str) -> Page:
    """Open the preview and press its button."""
    path = f"/reports/{public_id}/preview"
    return browser.send(browser.get(path), path)


def made(office: Office, browser: Browser, public_id: str) -> str:
    """Have a preview made; its job."""
    ask_for(browser, public_id)
    job = job_of(office, public_id)
    office.make(job, pdf=pdf_with(*HEADINGS))
    return job


def pictures(page: Page) -> list[str]:
    return [str(one) for one in page.all("//ol[@class='pages']//img/@src")]


def test_asking_for_a_preview_freezes_a_revision_and_orders_it_for_somebody_who_waits(
    office: Office, clerk: Browser
) -> None:
    public_id = ready(office)
    assert ask_for(clerk, public_id).status == 303
    with reading_scope(office.engine) as session:
        job = session.scalars(select(Job)).one()
        assert (job.lane, job.state) == (Lane.PREVIEW, JobState.QUEUED)
    page = clerk.get(f"/reports/{public_id}/preview")
    assert "正在生成" in page.words
    assert page.all("//*[@hx-trigger='every 1s']")
    assert 'http-equiv="refresh"' in page.text, "without JavaScript it reloads itself"


def test_the_same_is_not_made_twice(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    made(office, clerk, public_id)
    page = clerk.get(f"/reports/{public_id}/preview")
    token = page.all("//meta[@name='csrf-token']/@content")[0]
    clerk.post(f"/reports/{public_id}/preview", {"csrf_token": token})
    with reading_scope(office.engine) as session:
        assert session.scalars(select(func.count()).select_from(Revision)).one() == 1
        assert session.scalars(select(Job.state)).all() == [JobState.DONE]


def test_a_draft_with_blanks_and_errors_is_previewed_all_the_same(office: Office, clerk: Browser) -> None:
    public_id = ready(office, cells={"requests.received.natural_person": 13, "requests.received.total": 17})
    retype(office, public_id, "other.matters", "")
    retype(office, public_id, "article_20_6.penalties.handled", "约一百")
    made(office, clerk, public_id)
    page = clerk.get(f"/reports/{public_id}/preview")
    assert len(pictures(page)) == 8
    assert "草稿" in page.words
    assert re.search(r"还有 1 处没有填，\d 处错误；文件按现在的内容生成。", page.words)


def test_pages_are_told_of_and_named_for_those_who_listen(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    job = made(office, clerk, public_id)
    page = clerk.get(f"/reports/{public_id}/preview")
    assert re.search(r"第1版 · 8 页 · \d+\.\d 秒", page.words)
    assert page.all("//ol[@class='pages']//img/@alt")[:2] == ["第 1 页，共 8 页", "第 2 页，共 8 页"]
    assert set(page.all("//ol[@class='pages']//img/@loading")) == {"lazy"}
    hrefs = page.all("//div[@class='actions']//a/@href")
    assert hrefs == [f"/documents/{job}.docx", f"/documents/{job}.pdf", f"/documents/{job}.pdf?show=1"]
    assert not page.all("//*[@hx-get]"), "nothing more to wait for"


def test_which_font_stood_in_for_which_is_told(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    made(office, clerk, public_id)
    record = [
        {"declared": "仿宋_GB2312", "drawn_with": "FandolFang", "stand_in": True, "fallback": {"Noto Serif": "𬭊"}},
        {"declared": "宋体", "drawn_with": "SimSun", "stand_in": False, "fallback": {}},
    ]
    with session_scope(office.engine) as session:
        session.execute(update(Document).values(typefaces=json.dumps(record)))
    page = clerk.get(f"/reports/{public_id}/preview")
    assert "秒 · 仿宋_GB2312 由 FandolFang 代绘；仿宋_GB2312 缺“𬭊”，由 Noto Serif 补绘" in page.words
    assert "宋体 由" not in page.words


def test_each_section_leads_to_the_page_on_which_it_begins(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    made(office, clerk, public_id)
    page = clerk.get(f"/reports/{public_id}/preview")
    places = page.all("//nav[@class='places']//li/a[1]")
    assert {one.text: one.get("href") for one in places} == {
        "一、总体情况": "#page-1",
        "二、主动公开政府信息情况": "#page-2",
        "三、收到和处理政府信息公开申请情况": "#page-3",
    }
    for one in places:
        assert page.all(f"//li[@id='{one.get('href')[1:]}']")


def test_a_page_is_a_picture_that_a_browser_may_keep_for_itself(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    made(office, clerk, public_id)
    page = clerk.get(f"/reports/{public_id}/preview")
    answer = clerk.client.get(pictures(page)[0])
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.get_data())).width == pytest.approx(1191, abs=1)
    kept = answer.headers["Cache-Control"]
    assert all(word in kept for word in ("private", "immutable", "max-age=31536000"))
    [small] = page.all("//nav[@class='thumbs']//li[1]//img/@src")
    assert Image.open(io.BytesIO(clerk.client.get(small).get_data())).width == pytest.approx(199, abs=1)


def test_a_page_that_is_not_there_is_not_found(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    job = made(office, clerk, public_id)
    for address in (f"{job}.pdf/pages/0.png", f"{job}.pdf/pages/9.png", f"{job}.docx/pages/1.png"):
        assert clerk.client.get(f"/documents/{address}").status_code == 404


def test_while_a_change_is_being_printed_the_old_pages_stay(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    made(office, clerk, public_id)
    before = pictures(clerk.get(f"/reports/{public_id}/preview"))
    retype(office, public_id, "other.matters", "2025年未收取信息处理费，也未减免。")
    changed = clerk.get(f"/reports/{public_id}/preview")
    assert "内容已有改动" in changed.words
    assert changed.all("//form[@hx-trigger='load, submit']"), "made anew without being asked"
    assert (pictures(changed), len(changed.all("//*[contains(@class, 'leaves old')]"))) == (before, 1)
    ask_for(clerk, public_id)
    waiting = clerk.get(f"/reports/{public_id}/preview")
    assert pictures(waiting) == before
    assert not waiting.all("//a[contains(@href, '.docx')]"), "nobody downloads what is no longer so"
    [again] = waiting.all("//@hx-get")
    assert clerk.get(again, **{"HX-Request": "true"}).status == 204
    office.make(job_of(office, public_id), pdf=pdf_with(*HEADINGS))
    news = clerk.get(again, **{"HX-Request": "true"})
    assert news.status == 200
    assert "第2版" in news.words
    assert pictures(news) != before
    assert news.all("//*[@id='preview-pages']/@hx-swap-oob") == ["true"]
    assert not news.all("//*[contains(@class, 'leaves old')]")


def test_why_nothing_was_made_is_said_in_plain_words_with_a_number(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    ask_for(clerk, public_id)
    office.fail(job_of(office, public_id), SILENT)
    page = clerk.get(f"/reports/{public_id}/preview")
    assert "文件没有生成" in page.words
    assert SILENT in page.words
    assert "请报任务编号 1。填的内容都在" in page.words
    assert "soffice" not in page.text
    assert not page.all("//form[@hx-trigger]"), "what failed is not tried without end"
    assert ask_for(clerk, public_id).status == 303
    assert "正在生成" in clerk.get(f"/reports/{public_id}/preview").words


def test_a_script_gets_the_news_at_once(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    page = clerk.get(f"/reports/{public_id}/preview")
    token = page.all("//meta[@name='csrf-token']/@content")[0]
    news = clerk.post(f"/reports/{public_id}/preview", {"csrf_token": token}, **{"HX-Request": "true"})
    assert news.status == 200
    assert "正在生成" in news.words
    assert news.all("//*[@id='preview-state']/@hx-get")


def test_what_was_sent_is_shown_without_the_word_draft(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    send(clerk, public_id)
    office.make(job_of(office, public_id), pdf=pdf_with(*HEADINGS))
    page = clerk.get(f"/reports/{public_id}/preview")
    assert "草稿" not in page.words
    assert len(pictures(page)) == 8


def test_a_pdf_to_print_is_opened_and_not_saved(office: Office, clerk: Browser) -> None:
    public_id = ready(office)
    job = made(office, clerk, public_id)
    shown = clerk.client.get(f"/documents/{job}.pdf?show=1", buffered=True)
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert "object-src 'self'" in shown.headers["Content-Security-Policy"]
    for other in (f"/documents/{job}.pdf", f"/documents/{job}.docx?show=1"):
        assert clerk.client.get(other, buffered=True).headers["Content-Disposition"].startswith("attachment")


def test_a_draft_is_nobody_elses_to_look_at(office: Office, clerk: Browser, reviewer: Browser) -> None:
    assert reviewer.get(f"/reports/{ready(office)}/preview").status == 404
