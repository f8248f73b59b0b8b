"""The administrator sees how the installation is: warnings first, each with what to do; who works, and what waits."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from reports.definition import Law, Severity
from service.admin.definitions import differences, rules_in_words
from service.resources import Resources
from storage.clock import seconds_ago
from storage.filing.submissions import submit
from storage.making import jobs, presence
from storage.making.presence import Badge
from storage.making.recipes import recipe_for
from storage.session import session_scope
from storage.settings import SettingsRefused, load_settings
from storage.tables import Job, Lane, Role, Stage, Worker
from tests.orders import CLERK, answers_of
from tests.people import DEFINITIONS, annual
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page

ABOUT = {"libreoffice": "7.4.7.2", "boxed": False, "warm": True, "fonts": [
    {"declared": "仿宋_GB2312", "family": "FandolFang", "stand_in": True}
]}  # fmt: skip


@pytest.fixture
def keeper(office: Office) -> Browser:
    return office.visitor("xitong", (Role.SYSTEM, None))


def warnings(page: Page) -> list[str]:
    """What stands among the things to look after."""
    listed = page.all("//section[@aria-labelledby='warnings']//li")
    return [" ".join(one.text_content().split()) for one in listed]


def test_what_is_missing_comes_first_with_what_to_do(keeper: Browser) -> None:
    told = warnings(keeper.get("/system"))
    assert any("Redis" in one and "没有应答" in one and "NIANBAO_REDIS_URL" in one for one in told), told
    assert any("没有生成进程在工作" in one and "nianbao worker --lane preview" in one for one in told)
    assert any("没有备份记录" in one and "nianbao backup" in one for one in told)
    assert any("NIANBAO_HOSTS" in one for one in told)
    assert any("没有：审计管理员、安全管理员、系统管理员" in one for one in told)
    looks = [one.get("class") for one in keeper.get("/system").all("//section[@aria-labelledby='warnings']//li")]
    assert looks == sorted(looks, key=["bad", "ask"].index)


def test_a_fresh_backup_is_well_and_an_old_one_is_not(keeper: Browser, office: Office) -> None:
    def noted(hours: int) -> list[str]:
        at = datetime.now(UTC) - timedelta(hours=hours)
        told = {"at": at.isoformat(), "file": "nianbao-1.tar.zst", "bytes": 1234567, "seconds": 3}
        (office.settings.data_dir / "backup.json").write_text(json.dumps(told))
        return [one for one in warnings(keeper.get("/system")) if one.startswith("备份")]

    assert noted(2) == []
    assert "2 小时前 · 1.2 MB · nianbao-1.tar.zst" in keeper.get("/system").words
    assert "30 小时前" in noted(30)[0]
    (office.settings.data_dir / "backup.json").write_text("{}")
    assert any("没有备份记录" in one for one in warnings(keeper.get("/system")))


def test_who_works_and_what_waits_is_told(keeper: Browser, office: Office) -> None:
    badge = Badge("boot-1", Lane.PREVIEW, "app2", 4711, json.dumps(ABOUT))
    with session_scope(office.engine) as session:
        presence.arrive(session, badge)
        presence.beat(session, badge, Stage.CONVERT)
        recipe = recipe_for(DEFINITIONS, annual())
        job = submit(session, answers_of(), CLERK, recipe, Lane.PREVIEW).job
        session.execute(update(Job).where(Job.id == job.id).values(created_at=seconds_ago(300)))
    page = keeper.get("/system")
    assert "app2 4711 转 PDF" in page.words
    assert "LibreOffice 7.4.7.2 · 没有沙箱" in page.words
    assert "仿宋_GB2312 → FandolFang 代绘" in page.words
    row = page.all("//table[contains(@class, 'queues')]//tbody/tr")[0]
    assert [one.text_content() for one in row] == ["有人等着的", "1", "0", "0", "0", "5 分钟", "1"]
    assert any("最早的已等了5 分钟" in one for one in warnings(page))
    with session_scope(office.engine) as session:
        assert jobs.claim(session, job.id, badge.boot_id)
        session.execute(update(Worker).values(heartbeat_at=seconds_ago(3600)))
    page = keeper.get("/system")
    assert "失去联系" in page.words
    assert any("没有生成进程在工作" in one for one in warnings(page))


def test_the_page_comes_without_a_database(keeper: Browser, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    from service.admin import crew

    def away(session: object) -> None:
        raise OperationalError("SELECT", None, Exception("gone"))

    monkeypatch.setattr(crew, "hands", away)
    assert any("数据库" in one and "连不上" in one for one in warnings(keeper.get("/system")))


def test_every_rule_of_a_definition_is_a_sentence(keeper: Browser) -> None:
    page = keeper.get("/system/definitions/open-government-annual/2021")
    told = rules_in_words(annual())
    assert len(page.all("//ol[@class='rule-list']/li")) == len(told)
    assert all(one.says in page.words for one in told)
    [carried] = [one for one in told if one.id == "X1"]
    assert carried.severity is Severity.EXPLAIN
    assert carried.that.endswith("二、上年结转 = 上年的四、结转下年度继续办理") or "上年的" in carried.that
    for path in ("nothing/2021", "open-government-annual/1999"):
        assert keeper.get(f"/system/definitions/{path}").status == 404
    assert keeper.get("/system/definitions/open-government-annual/2021?against=1999").status == 404


def test_two_editions_are_told_apart() -> None:
    before = annual()
    laws = replace(before.laws, texts=Law(before.laws.texts.id, "文字可以空缺"))
    after = replace(before, edition="2027", sections=before.sections[:-1], laws=laws)
    found = differences(before, after)
    assert {one.what for one in found if not one.after} >= set(before.texts) - set(after.texts)
    assert any("文字可以空缺" in one.after and "不能空缺" in one.before for one in found)
    assert differences(before, before) == []


def test_only_known_names_are_answered(office: Office, stranger: Browser) -> None:
    assert stranger.client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 200
    known: Resources = office.app.extensions["nianbao"]
    given = {"hosts": "nianbao.linxi.gov.cn"}
    office.app.extensions["nianbao"] = replace(known, settings=known.settings.model_copy(update=given))
    for host, status in (
        ("nianbao.linxi.gov.cn", 200),
        ("NIANBAO.linxi.gov.cn:8443", 200),
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("evil.example", 400),
        ("nianbao.linxi.gov.cn.evil.example", 400),
    ):
        answer = stranger.client.get("/sign-in", headers={"Host": host})
        assert answer.status_code == status, host
        if status == 400:
            assert "这个网址不是本系统的网址" in answer.get_data(as_text=True)
            assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("hosts", ["https://a.example", "a.example/b", "a b c!", "公.cn"])
def test_a_host_that_is_none_is_refused_at_the_start(tmp_path: Path, hosts: str) -> None:
    with pytest.raises(SettingsRefused, match="不是主机名"):
        load_settings(data_dir=tmp_path, hosts=hosts)
