"""A template that was handed in is gone through by a child, filled, drawn; whatever it holds, the worker lives on."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from reports.answers import Answers
from storage.files import DocumentFiles
from storage.making import templates
from storage.migrations import upgrade
from storage.session import make_engine, reading_scope, session_scope
from storage.settings import Settings
from storage.tables import TemplateState, TemplateVersion
from tests.people import DEFINITIONS, annual
from tests.printing import SOME_PROOF, pdf_with
from tests.trying import BUNDLED, DOCUMENT, KEEPER, changed, wider
from workers import children
from workers.errors import DocumentFailed
from workers.examining import Bench, examine
from workers.pipeline import Made
from workers.stages import Begins
from workers.template import alone

PDF = pdf_with("一、总体情况", "二、主动公开政府信息情况")
ISSUED = "{{ article_20_1.normative_documents.issued }}"
LOOP = "{%p for paragraph in overview.proactive %}"


class Hopeless(DocumentFailed):
    """The template is to blame."""

    code = "hopeless"
    retry = False


class Passing(DocumentFailed):
    """The machine is to blame."""

    code = "passing"
    retry = True


@dataclass
class Press:
    """Draws two pages of anything, or fails as it is told; notes what it was asked for."""

    trouble: DocumentFailed | None = None
    templates: list[Path] = field(default_factory=list)

    def make(self, answers: Answers, folder: Path, begins: Begins, template: Path) -> Made:
        self.templates.append(template)
        if self.trouble:
            raise self.trouble
        made = Made(folder / "report.docx", folder / "report.pdf", SOME_PROOF)
        made.docx.write_bytes(b"PK")
        made.pdf.write_bytes(PDF)
        return made


@dataclass
class Shop:
    """Where the tests hand in and look at what came of it."""

    bench: Bench
    folder: Path

    def hand_in(self, file: Path) -> int:
        with session_scope(self.bench.engine) as session:
            return templates.upload(session, self.bench.files, annual(), file, file.name, KEEPER).id

    def examined(self, file: Path, press: Press | None = None) -> TemplateVersion:
        return self.again(self.hand_in(file), press or Press())

    def again(self, id: int, press: Press) -> TemplateVersion:
        examine(self.bench, id, press, lambda stage: None)
        with reading_scope(self.bench.engine) as session:
            return session.get_one(TemplateVersion, id)


@pytest.fixture
def shop(tmp_path: Path, settings: Settings) -> Iterator[Shop]:
    """An installation with an empty database; SQLite: what is asked here is not about the engine."""
    upgrade(settings)
    engine: Engine = make_engine(settings)
    bench = Bench(engine, DocumentFiles(settings), DEFINITIONS, tmp_path / "work", "worker:vm")
    yield Shop(bench, tmp_path)
    engine.dispose()


def flaws(row: TemplateVersion) -> list[str]:
    """What is told about a template that was refused."""
    assert row.state is TemplateState.REFUSED
    told: list[dict[str, Any]] = list(templates.found(row)["flaws"])
    return [f"{one['where']}：{one['what']}。{one['remedy']}" for one in told]


def test_a_good_one_is_drawn_and_so_is_the_one_that_came_along(shop: Shop) -> None:
    press = Press()
    row = shop.examined(wider(shop.folder), press)
    assert row.state is TemplateState.EXAMINED
    told = templates.found(row)
    assert (told["flaws"], told["names"]) == ([], 208)
    assert len(press.templates) == 2
    assert press.templates[1] == BUNDLED
    for which in ("example", "bundled"):
        example = templates.example_of(row, which)
        assert example is not None
        with closing(shop.bench.files.open(example.storage_key, example.bytes, example.sha256)) as kept:
            assert kept.read() == PDF
    assert list(shop.bench.work_dir.iterdir()) == []


PROBES = {
    "a class": ("{{ ''.__class__.__mro__ }}", "以下划线开头的名称"),
    "a call": ("{{ unit.upper() }}", "函数调用"),
    "the configuration": ("{{ config.items() }}", "函数调用"),
    "a filter": ("{{ unit|upper }}", "过滤器"),
    "a very long loop": ("{% for i in range(1000000000) %}x{% endfor %}", "这种语句"),
    "an import": ("{% import 'os' as os %}", "这种语句"),
    "an include": ("{% include '/etc/passwd' %}", "这种语句"),
    "much memory": ("{{ 'a'*10000000000 }}", "不是一个名称"),
    "an unknown name": ("{{ article_20_1.normative_documents.isued }}", "没有“article_20_1.normative_documents.isued”"),
    "a macro of Jinja": ("{% macro a() %}{% endmacro %}", "这种语句"),
}


@pytest.mark.parametrize(("probe", "said"), PROBES.values(), ids=PROBES)
def test_a_probe_is_refused_with_its_place_and_never_run(shop: Shop, probe: str, said: str) -> None:
    press = Press()
    found = flaws(shop.examined(changed(shop.folder, (ISSUED, probe), part=DOCUMENT), press))
    assert any("第1个表格第4行第2格" in one and said in one for one in found), found
    assert press.templates == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((ISSUED, "0"), "缺少 article_20_1.normative_documents.issued"),
        ((ISSUED, f"{ISSUED}{ISSUED}"), "已在第1个表格第4行第2格出现过"),
        ((LOOP, ""), "缺少 overview.proactive"),
    ],
    ids=["missing", "used twice", "a text missing"],
)
def test_what_is_missing_or_twice_is_named(shop: Shop, change: tuple[str, str], said: str) -> None:
    found = flaws(shop.examined(changed(shop.folder, change, part=DOCUMENT)))
    assert any(said in one for one in found), found


def field_of(instruction: str) -> str:
    """A field of Word, cut into runs as Word does."""
    half = len(instruction) // 2
    cut = (instruction[:half], instruction[half:])
    inside = "".join(f'<w:r><w:instrText xml:space="preserve">{one}</w:instrText></w:r>' for one in cut)
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{inside}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


@pytest.mark.parametrize(
    "instruction",
    [
        "INCLUDETEXT /etc/passwd",
        'DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"',
        "INCLUDEPICTURE http://a.example/b",
    ],
)
def test_a_field_that_fetches_or_runs_is_refused(shop: Shop, instruction: str) -> None:
    escaped = instruction.replace('"', "&quot;")
    found = flaws(shop.examined(changed(shop.folder, ("<w:body>", f"<w:body>{field_of(escaped)}"), part=DOCUMENT)))
    assert any("有域“" in one and instruction.split()[0] in one for one in found), found


def test_a_page_number_is_welcome(shop: Shop) -> None:
    row = shop.examined(changed(shop.folder, ("<w:body>", f"<w:body>{field_of(' PAGE ')}"), part=DOCUMENT))
    assert row.state is TemplateState.EXAMINED


def test_what_slipped_past_the_door_is_refused_here(shop: Shop) -> None:
    found = flaws(shop.examined(changed(shop.folder, more={"word/vbaProject.bin": b"x"})))
    assert any("宏、控件或嵌入的文件" in one for one in found)


def test_one_that_uses_up_its_child_is_refused_and_the_worker_lives(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So little memory that no Python starts in it: the child is killed, whatever it was given.
    monkeypatch.setattr(alone, "_LIMITS", children.Limits(seconds=60, memory=8 * children.MEBIBYTE))
    found = flaws(shop.examined(wider(shop.folder)))
    assert any("检查程序中断" in one for one in found), found


def test_one_that_takes_too_long_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "_LIMITS", children.Limits(seconds=0.0))
    found = flaws(shop.examined(wider(shop.folder)))
    assert any("超出了时间或内存的限制" in one for one in found), found


def test_one_that_cannot_be_drawn_is_refused_with_the_reason(shop: Shop) -> None:
    press = Press(Hopeless("少了“100”（应在“合计”之后）。", "why"))
    [found] = flaws(shop.examined(wider(shop.folder), press))
    assert "用样例试排：少了“100”（应在“合计”之后）。" in found


def test_a_machine_that_is_not_able_leaves_it_for_another_and_says_so_in_the_end(shop: Shop) -> None:
    press, id = Press(Passing("服务器缺少字体。", "why")), shop.hand_in(wider(shop.folder))
    for _ in range(templates.MOST_ATTEMPTS - 1):
        assert shop.again(id, press).state is TemplateState.UPLOADED
    [found] = flaws(shop.again(id, press))
    assert "服务器缺少字体" in found
    assert "请管理员检查生成文件的服务器" in found


def test_one_that_ended_its_worker_again_and_again_is_given_up(shop: Shop) -> None:
    id = shop.hand_in(wider(shop.folder))
    for _ in range(templates.MOST_ATTEMPTS):
        # A worker begins, and is never heard of again.
        with session_scope(shop.bench.engine) as session:
            assert templates.begin_examination(session, id)
    press = Press()
    [found] = flaws(shop.again(id, press))
    assert "多次使检查程序中断" in found
    assert press.templates == []


def test_it_is_examined_once(shop: Shop) -> None:
    press, id = Press(), shop.hand_in(wider(shop.folder))
    for _ in range(2):
        shop.again(id, press)
    assert len(press.templates) == 2


def test_who_comes_second_leaves_nothing_behind(shop: Shop) -> None:
    class Slow(Press):
        def make(self, answers: Answers, folder: Path, begins: Begins, template: Path) -> Made:
            if not self.templates:
                # Meanwhile somebody else has looked at it.
                with session_scope(shop.bench.engine) as session:
                    templates.end_examination(session, id, {"flaws": []}, sound=True, actor="worker:other")
            return super().make(answers, folder, begins, template)

    id = shop.hand_in(wider(shop.folder))
    row = shop.again(id, Slow())
    assert row.state is TemplateState.EXAMINED
    assert [one.key for one in shop.bench.files.listed()] == [row.storage_key]
