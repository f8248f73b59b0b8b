"""`nianbao make`: somebody with files of answers and no server gets documents a bureau could publish.

Everything is real: the command in a process of its own, the template, LibreOffice; and what came out is
judged from outside, by poppler's tools, which share no code with ours.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.faces.word import printed
from tests.people import but, nil_return, read

HERE = Path(__file__).resolve().parent.parent

EXAMPLE = HERE.parent / "templates/open-government-annual/2021/example.json"
SUQIAN = (HERE / "answers/suqian-2023.json", HERE / "answers/suqian-2024.json")


def nianbao(*arguments: str | Path, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """The command, as in a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *map(str, arguments)],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "NIANBAO_DATA_DIR": str(data_dir)},
        cwd=HERE.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def told(*command: str | Path) -> str:
    """What an outside program says."""
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder in which the documents of the example and of both 宿迁 reports were made."""
    out = tmp_path_factory.mktemp("out")
    made = nianbao("make", EXAMPLE, *SUQIAN, "--out", out, data_dir=tmp_path_factory.mktemp("var"))
    assert made.returncode == 0, made.stderr
    assert "做好 3 份" in made.stdout
    yield out


@pytest.mark.parametrize("source", [EXAMPLE, *SUQIAN], ids=lambda path: path.stem)
class TestADocument:
    def test_says_every_sentence_and_figure_to_an_outside_reader(self, out: Path, source: Path) -> None:
        pages = told("pdftotext", "-raw", out / f"{source.stem}.pdf", "-").split("\f")
        said = re.sub(r"\s", "", "".join(re.sub(r"- \d+ -\s*$", "", page) for page in pages))
        place = 0
        for value in printed(read(json.loads(source.read_text()))):
            found = said.find(re.sub(r"\s", "", value), place)
            assert found >= 0, f"{value} does not come after {said[place - 20 : place]}"
            place = found + 1

    def test_is_a4_titled_and_tagged(self, out: Path, source: Path) -> None:
        info = told("pdfinfo", out / f"{source.stem}.pdf")
        answers = json.loads(source.read_text())
        assert f"{answers['unit']['name']}{answers['year']}年政府信息公开工作年度报告" in info
        assert re.search(r"Tagged:\s+yes", info)
        assert re.search(r"Page size:.*\(A4\)", info)

    def test_embeds_every_font(self, out: Path, source: Path) -> None:
        fonts = told("pdffonts", out / f"{source.stem}.pdf").splitlines()[2:]
        assert fonts
        assert all(font.split()[-5] == "yes" for font in fonts), fonts


class TestOneBadFile:
    def test_does_not_stop_the_others_and_is_explained(self, tmp_path: Path) -> None:
        good, wrong, broken = (tmp_path / name for name in ("good.json", "wrong.json", "broken.json"))
        good.write_text(json.dumps(nil_return()))
        wrong.write_text(json.dumps(but(nil_return(), cells={"requests.received.total": 1})))
        broken.write_text("{")
        missing = tmp_path / "missing.json"
        made = nianbao("make", good, wrong, broken, missing, "--out", tmp_path / "out", data_dir=tmp_path / "var")
        assert made.returncode == 1
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["good.docx", "good.pdf"]
        assert "做好 1 份" in made.stdout
        assert "没有做成 3 份" in made.stdout
        assert "H1" in made.stderr
        assert "不是 JSON" in made.stderr
        assert "missing.json" in made.stderr
        assert "Traceback" not in made.stderr

    def test_is_made_as_a_draft_when_asked(self, tmp_path: Path) -> None:
        wrong = tmp_path / "wrong.json"
        wrong.write_text(json.dumps(but(nil_return(), cells={"requests.received.total": 1})))
        made = nianbao("make", wrong, "--draft", "--out", tmp_path / "out", data_dir=tmp_path / "var")
        assert made.returncode == 0, made.stderr
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["wrong（草稿）.docx", "wrong（草稿）.pdf"]

    def test_of_the_same_name_does_not_overwrite_the_first(self, tmp_path: Path) -> None:
        for folder in ("one", "other"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "same.json").write_text(json.dumps(nil_return()))
        sources = (tmp_path / "one/same.json", tmp_path / "other/same.json")
        made = nianbao("make", *sources, "--out", tmp_path / "out", data_dir=tmp_path / "var")
        assert made.returncode == 1
        assert "同名" in made.stderr
        assert len(list((tmp_path / "out").iterdir())) == 2
