"""How far a section is: not begun, being filled, wrong, to be explained, finished; never better than it is."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from reports.drafting import check_draft, draft_answers
from service.sections import SectionState, sections
from storage.tables import Field
from tests.people import MARKET, annual, ordinary_report

RECEIVED = "requests.received.natural_person"
IN_FORCE = "article_20_1.normative_documents.in_force"


def field(name: str, value: str) -> Field:
    return Field(name=name, value=value, note="", version=1, changed_at=datetime.now(UTC), changed_by="somebody")


def whole(**changes: str | None) -> dict[str, str]:
    """An ordinary report as it is typed, but for these fields; None leaves one blank."""
    document: dict[str, Any] = ordinary_report()
    cells = {name: str(value) for name, value in document["cells"].items() if not annual().cells[name].total}
    return {name: value for name, value in {**cells, **document["texts"], **changes}.items() if value is not None}


def states(values: Mapping[str, str]) -> dict[str, SectionState]:
    fields = {name: field(name, value) for name, value in values.items()}
    previous = draft_answers(annual(), MARKET, 2023, {name: (value, "") for name, value in whole().items()})
    answers = draft_answers(annual(), MARKET, 2024, {name: (value, "") for name, value in values.items()})
    return {one.key: one for one in sections(annual(), answers, check_draft(answers, previous), fields)}


def word(values: Mapping[str, str], section: str) -> str:
    return states(values)[section].word


# In force: 9 last year, 3 issued, 1 repealed.
RIGHT = {IN_FORCE: "11"}


def test_an_empty_report_is_not_begun_anywhere():
    assert {one.word for one in states({}).values()} == {"未开始"}


def test_a_whole_one_is_finished_everywhere():
    assert {one.word for one in states(whole(**RIGHT)).values()} == {"完成"}


@pytest.mark.parametrize("missing", [RECEIVED, "requests.carried_out.legal_person.other"])
def test_one_blank_cell_is_enough_for_a_table_not_to_be_finished(missing):
    assert word(whole(**{missing: None}), "requests") == "填写中"


def test_one_empty_text_is_enough_for_a_section_not_to_be_finished():
    assert word(whole(**{"overview.platform": " \n"}), "overview") == "填写中"


def test_a_cell_of_which_nothing_but_blanks_was_typed_is_not_begun():
    assert word({RECEIVED: "  "}, "requests") == "未开始"


def test_mistakes_are_counted_before_anything_else():
    values = whole(**{"article_20_6.penalties.handled": "-3", "article_20_5.licences.handled": "无"})
    assert word(values, "proactive") == "2 处错误"


def test_a_mistake_shows_while_others_are_still_blank():
    assert word({RECEIVED: "-3"}, "requests") == "1 处错误"


def test_what_has_to_be_explained_waits_for_its_reason():
    wrong = whole(**{IN_FORCE: "20"})
    assert word(wrong, "proactive") == "需说明"
    assert word({**wrong, f"X2@{IN_FORCE}": " "}, "proactive") == "需说明"
    assert word({**wrong, f"X2@{IN_FORCE}": "清理时漏计。"}, "proactive") == "完成"


def test_it_says_how_much_is_filled_totals_not_counted():
    told = states({RECEIVED: "1", "overview.platform": "写了。"})
    assert told["requests"].count_words == "已填 1 格，共 144 格"
    assert told["overview"].count_words == "已写 1 段，共 5 段"


def test_a_look_repeats_each_word():
    told = states({RECEIVED: "-3", "overview.platform": "写了。"})
    assert [told[key].look for key in ("requests", "overview", "other")] == ["bad", "now", ""]
    assert told["requests"].to_json()["count"] == told["requests"].count_words
