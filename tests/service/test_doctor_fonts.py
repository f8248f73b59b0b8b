"""`nianbao doctor fonts` tells what a document is drawn with here, and which characters others had to draw."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from storage.settings import Settings
from tests.paper import Paper
from tests.printing import FETCHED
from workers.libreoffice import Offices


@pytest.fixture(autouse=True)
def at_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_DATA_DIR", str(settings.data_dir))
    if FETCHED.is_dir():
        (settings.data_dir / "fonts").symlink_to(FETCHED)


def nianbao(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["doctor", "fonts", *map(str, words)])


def test_a_sample_has_every_typeface_of_official_documents() -> None:
    told = nianbao()
    assert told.exit_code == 0, told.output
    for declared in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "Times New Roman"):
        assert f"{declared} 由 " in told.output
    assert "楷体_GB2312 由 AR PL KaitiM GB 代绘\n    缺字“" in told.output


def test_a_word_file_is_drawn_for_trial(tmp_path: Path) -> None:
    docx = Paper().write("委员𬭊到会", font="楷体_GB2312").save(tmp_path / "report.docx")
    record = {face["declared"]: face for face in json.loads(nianbao(docx, "--json").output)}
    assert list(record["楷体_GB2312"]["fallback"].values()) == ["𬭊"]
    assert record["黑体"]["fallback"] == {}


def test_a_pdf_tells_what_is_in_it(settings: Settings, tmp_path: Path) -> None:
    docx = Paper().write("到会", font="楷体_GB2312").save(tmp_path / "report.docx")
    offices = Offices.from_settings(settings, seconds=120)
    pdf = offices.to_pdf(docx, tmp_path)
    offices.close()
    assert "GBZenKai-Medium  已嵌入  会到" in nianbao(pdf).output


@pytest.mark.parametrize(("name", "reason"), [("broken.docx", "不是完整的 Word 文件"), ("broken.pdf", "读不了")])
def test_what_is_no_document_is_refused_in_words(name: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("nothing")
    told = nianbao(tmp_path / name)
    assert told.exit_code == 2
    assert reason in told.output


def test_the_doctor_alone_examines_everything_as_before() -> None:
    told = CliRunner().invoke(main, ["doctor", "--json"])
    assert {"Python", "bubblewrap", "UNO"} <= {one["part"] for one in json.loads(told.output)}
