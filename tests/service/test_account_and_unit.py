"""An operator at the command line: units added, people invited, appointed, reset and put out of force."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from storage.people.invitations import InvitationRefused, accept, first_administrator, invited
from storage.session import make_engine, session_scope
from storage.settings import Settings
from tests.spreadsheets import sheet

OFFICE, UNIT = "临溪县人民政府办公室", "临溪县档案局"
# Made up, with the check digit that GB 32100 asks for.
CODE = "11990000000000001G"


@pytest.fixture(autouse=True)
def at_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read their settings from the environment."""
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(settings.data_dir))


def nianbao(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def listed(what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(nianbao(what, "list", "--json").output)
    return found


@pytest.fixture
def units() -> None:
    assert nianbao("unit", "add", OFFICE, "--contact", "王敏 0571-8800").exit_code == 0
    assert nianbao("unit", "add", UNIT, "--supervisor", OFFICE).exit_code == 0


def token_in(result: Result) -> str:
    found = re.search(r"/invitation\?token=(\S+)", result.output)
    assert found, result.output
    return found[1]


def whose(settings: Settings, token: str) -> str | None:
    """The account that an invitation opens."""
    engine = make_engine(settings)
    try:
        with session_scope(engine) as session:
            return invited(session, token).login
    except InvitationRefused:
        return None
    finally:
        engine.dispose()


def test_a_unit_is_added_under_its_office_and_listed(units: None) -> None:
    office, unit = listed("unit")
    assert (office["supervisor"], office["contact"]) == (None, "王敏 0571-8800")
    assert (unit["name"], unit["supervisor"]) == (UNIT, OFFICE)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", UNIT), "已有名为“临溪县档案局”的单位"),
        (("add", " "), "1 至 200 个字"),
        (("add", "新单位", "--supervisor", "没有这个"), "没有名为“没有这个”的单位"),
        (("add", "新单位", "--code", "123"), "统一社会信用代码“123”不对"),
        (("add", "新单位", "--code", CODE[:-1] + "0"), "不对，请核对 18 位字符"),
        (("change", OFFICE, "--supervisor", UNIT), "不能由自己或自己的下级主管"),
        (("change", UNIT, "--supervisor", UNIT), "不能由自己或自己的下级主管"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_in_words(units: None, words: tuple[str, ...], said: str) -> None:
    refused = nianbao("unit", *words)
    assert refused.exit_code == 2
    assert said in refused.output
    assert len(listed("unit")) == 2


def test_a_code_belongs_to_one_unit() -> None:
    assert nianbao("unit", "add", "甲局", "--code", CODE.lower()).exit_code == 0
    assert "已经用于另一个单位" in nianbao("unit", "add", "乙局", "--code", CODE).output


def test_a_unit_moves_to_another_office(units: None) -> None:
    nianbao("unit", "add", "澜江市人民政府办公室")
    assert nianbao("unit", "change", UNIT, "--supervisor", "澜江市人民政府办公室").exit_code == 0
    assert listed("unit")[1]["supervisor"] == "澜江市人民政府办公室"


def test_a_new_account_comes_with_a_link_for_its_owner(units: None, settings: Settings) -> None:
    made = nianbao("account", "add", "chenjing", "陈静", "--role", "clerk", "--unit", UNIT, "--address", "https://x/")
    assert made.output.startswith("https://x/invitation?token=")
    assert whose(settings, token_in(made)) == "chenjing"
    [one] = listed("account")
    assert (one["person"], one["standing"], one["offices"]) == (
        "陈静",
        "invited",
        [{"role": "clerk", "unit": UNIT}],
    )


def test_a_new_invitation_and_a_reset_kill_the_links_before(units: None, settings: Settings) -> None:
    links = [
        token_in(nianbao("account", *words))
        for words in (("add", "chenjing", "陈静"), ("invite", "chenjing"), ("reset", "chenjing"))
    ]
    assert [whose(settings, link) for link in links] == [None, None, "chenjing"]


def test_an_account_is_appointed_disabled_and_put_back_in_force(units: None) -> None:
    nianbao("account", "add", "limin", "李敏")
    assert nianbao("account", "appoint", "limin", "reviewer", "--unit", OFFICE).exit_code == 0
    assert listed("account")[0]["offices"] == [{"role": "reviewer", "unit": OFFICE}]
    assert nianbao("account", "appoint", "limin", "reviewer", "--unit", OFFICE, "--undo").exit_code == 0
    assert listed("account")[0]["offices"] == []
    for undo, standing in ((), "disabled"), (("--undo",), "invited"):
        assert nianbao("account", "disable", "limin", *undo).exit_code == 0
        assert listed("account")[0]["standing"] == standing


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "x y", "某人"), "2 至 64 个字母"),
        (("add", "new", "某人", "--role", "clerk"), "要指定单位"),
        (("add", "new", "某人", "--role", "clerk", "--unit", "没有这个"), "没有名为“没有这个”的单位"),
        (("invite", "nobody"), "没有账号“nobody”"),
        (("reset", "nobody"), "没有账号“nobody”"),
        (("disable", "nobody"), "没有账号“nobody”"),
        (("appoint", "nobody", "audit"), "没有账号“nobody”"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words_and_leaves_nothing(words: tuple[str, ...], said: str) -> None:
    refused = nianbao("account", *words)
    assert refused.exit_code == 2
    assert said in refused.output
    assert listed("account") == []


def test_an_empty_installation_says_how_to_begin() -> None:
    assert "nianbao account add" in nianbao("account", "list").output
    assert "nianbao unit add" in nianbao("unit", "list").output


def test_the_first_administrator_is_invited_until_somebody_has_a_password(settings: Settings) -> None:
    engine = make_engine(settings)
    with session_scope(engine) as session:
        first = first_administrator(session, "operator:root")
    with session_scope(engine) as session:
        again = first_administrator(session, "operator:root")
    assert first
    assert again
    assert first[0].login == again[0].login != "admin"
    assert (whose(settings, first[1]), whose(settings, again[1])) == (None, again[0].login)
    with session_scope(engine) as session:
        accept(session, again[1], "a hash")
        assert first_administrator(session, "operator:root") is None
    engine.dispose()
    assert [office["role"] for office in listed("account")[0]["offices"]] == ["system", "security"]


def test_whoever_began_with_the_command_line_gets_no_further_administrator(settings: Settings) -> None:
    nianbao("account", "add", "limin", "李敏", "--role", "security")
    engine = make_engine(settings)
    with session_scope(engine) as session:
        assert first_administrator(session, "operator:root") is None
    engine.dispose()


def roster(tmp_path: Path, *rows: tuple[str, ...]) -> str:
    file = tmp_path / "名单.xlsx"
    file.write_bytes(sheet(*rows))
    return str(file)


def test_a_roster_is_shown_first_and_written_when_asked(units: None, tmp_path: Path) -> None:
    file = roster(tmp_path, ("临溪县教育局", "", "部门"), (UNIT, CODE))
    shown = nianbao("unit", "import", file, "--supervisor", OFFICE)
    assert (shown.exit_code, "+ 临溪县教育局（第 2 行）" in shown.output, len(listed("unit"))) == (0, True, 2)
    assert f"~ {UNIT}（第 3 行）：统一社会信用代码：（空） → {CODE}" in shown.output
    assert nianbao("unit", "import", file, "--supervisor", OFFICE, "--apply").exit_code == 0
    assert [(one["name"], one["supervisor"]) for one in listed("unit")][2] == ("临溪县教育局", OFFICE)
    assert listed("unit")[1]["code"] == CODE


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((("甲局",), ("甲局",)), "! 第 2 行，单位名称：“甲局”在表里出现了 2 次。"),
        ((("甲局", "=1+1"),), "! 第 2 行，统一社会信用代码：这一格是公式。"),
        ((), "表里没有单位"),
    ],
)
def test_a_roster_that_cannot_be_writes_nothing(
    units: None, tmp_path: Path, rows: tuple[tuple[str, ...], ...], said: str
) -> None:
    refused = nianbao("unit", "import", roster(tmp_path, *rows), "--apply")
    assert (refused.exit_code, said in refused.output, len(listed("unit"))) == (2, True, 2)


def test_a_roster_for_an_office_that_is_not_there_is_refused(units: None, tmp_path: Path) -> None:
    refused = nianbao("unit", "import", roster(tmp_path, ("甲局",)), "--supervisor", "没有这个", "--apply")
    assert (refused.exit_code, len(listed("unit"))) == (2, 2)
