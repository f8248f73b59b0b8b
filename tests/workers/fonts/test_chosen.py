"""Which font draws which, proved by asking fontconfig and by looking into PDFs."""

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from tests.paper import Paper
from tests.printing import FETCHED, an_office
from workers.fonts import chosen, fontconfig
from workers.fonts.chosen import FontMissing, Fonts, UndrawableCharacter
from workers.fonts.roles import Role
from workers.office.alone import to_pdf
from workers.office.installed import Office

FANDOL = FETCHED / "FandolFang-Regular.otf"
KAITI = Path("/usr/share/fonts/truetype/arphic-gkai00mp/gkai00mp.ttf")
needs_fandol = pytest.mark.skipif(not FANDOL.exists(), reason="script/bootstrap --fonts has not fetched FandolFang")


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return an_office(tmp_path_factory.mktemp("data"))


def printed_with(paper: Paper, folder: Path, office: Office) -> set[str]:
    """The names of the fonts in the PDF, without the tag of the part that is embedded."""
    pdf = to_pdf(paper.save(folder / "report.docx"), folder, office=office)
    with pikepdf.open(pdf) as opened:
        fonts = (font for page in opened.pages for font in page.resources.Font.values())
        return {str(font.BaseFont).rpartition("+")[2] for font in fonts}


@pytest.mark.parametrize(
    ("declared", "family", "weight"),
    [
        ("方正小标宋简体", "Noto Serif CJK SC", "Bold"),
        ("方正小标宋_GBK", "Noto Serif CJK SC", "Bold"),
        pytest.param("仿宋_GB2312", "FandolFang", "Regular", marks=needs_fandol),
        pytest.param("FangSong", "FandolFang", "Regular", marks=needs_fandol),
        ("楷体_GB2312", "AR PL KaitiM GB", "gkai00mp"),
        ("黑体", "Noto Sans CJK SC", "Regular"),
        ("SimSun", "Noto Serif CJK SC", "Regular"),
        ("Times New Roman", "Liberation Serif", "Regular"),
    ],
)
def test_each_declared_font_has_its_stand_in(declared: str, family: str, weight: str, libreoffice: Office) -> None:
    [drawn] = libreoffice.fonts.drawn_with([declared])
    assert (drawn.declared, drawn.family, drawn.stand_in) == (declared, family, True)
    assert weight in drawn.file.stem


def test_a_name_in_capitals_is_the_same_name(libreoffice: Office) -> None:
    small, capital = libreoffice.fonts.drawn_with(["simhei", "SIMHEI"])
    assert small.file == capital.file


def test_a_font_that_nobody_knows_is_drawn_with_the_plainest_face(libreoffice: Office) -> None:
    [drawn] = libreoffice.fonts.drawn_with(["微软雅黑"])
    assert (drawn.family, drawn.stand_in) == ("Noto Serif CJK SC", True)


def test_without_names_every_name_of_every_role_is_answered(libreoffice: Office) -> None:
    answered = [drawn.declared for drawn in libreoffice.fonts.drawn_with()]
    assert answered == [name for role in chosen.ROLES for name in role.declared]


def test_without_fangsong_the_plain_serif_stands_in(tmp_path: Path) -> None:
    [drawn] = Fonts(tmp_path).drawn_with(["仿宋_GB2312"])
    assert (drawn.family, drawn.stand_in) == ("Noto Serif CJK SC", True)


def test_the_operators_own_font_wins(tmp_path: Path) -> None:
    operators, data = tmp_path / "operators fonts", tmp_path / "data"
    operators.mkdir()
    rename(KAITI, "AR PL KaitiM GB", "FangSong_GB2312", operators / "fang.ttf")
    [drawn] = Fonts(data, operators).drawn_with(["仿宋"])
    assert (drawn.family, drawn.file, drawn.stand_in) == ("FangSong_GB2312", operators / "fang.ttf", False)


def test_a_role_without_any_font_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal = Role("篆书", ("方正小篆体",), ("No Such Seal Script",))
    monkeypatch.setattr(chosen, "ROLES", (*chosen.ROLES, seal))
    with pytest.raises(FontMissing) as caught:
        Fonts(tmp_path).write(tmp_path)
    assert caught.value.for_person.startswith("服务器缺少篆书字体")
    assert "No Such Seal Script" in caught.value.for_operator


def test_a_report_is_printed_with_these_faces_and_no_other(libreoffice: Office, tmp_path: Path) -> None:
    paper = (
        Paper().write("标题", font="方正小标宋简体").write("楷体", font="楷体_GB2312").write("雅黑", font="微软雅黑")
    )
    names = {name.removesuffix("-VKana") for name in printed_with(paper, tmp_path, libreoffice)}
    assert names == {
        "NotoSansCJKjp-Bold",  # the heading is 黑体, in bold
        "NotoSerifCJKjp-Bold",
        "GBZenKai-Medium",
        "NotoSerifCJKjp-Regular",
        "LiberationSerif",
    }


class Unprepared(Fonts):
    """The fonts of a server that nobody has told what stands in for what."""

    def write(self, folder: Path) -> Path:
        path = folder / "fonts.conf"
        path.write_text(fontconfig.whole_system([], folder))
        return path


def test_an_unprepared_server_prints_everything_in_the_face_of_headings(libreoffice: Office, tmp_path: Path) -> None:
    paper = Paper().write("标题", font="方正小标宋简体").write("楷体", font="楷体_GB2312")
    unprepared = replace(libreoffice, fonts=Unprepared(libreoffice.data_dir), boxed=False)
    names = printed_with(paper, tmp_path, unprepared)
    assert {name.partition("-")[0] for name in names} == {"NotoSansCJKjp", "LiberationSerif"}


@needs_fandol
def test_rare_characters_of_names_stay_in_style(libreoffice: Office, tmp_path: Path) -> None:
    names = printed_with(Paper().write("委员王䶮、李𬭊、赵𪟝到会"), tmp_path, libreoffice)
    assert {name.partition("-")[0] for name in names} == {
        "NotoSansCJKjp",  # the heading
        "FandolFang",
        "NotoSerifCJKjp",
        "LiberationSerif",
    }


def test_characters_that_some_font_draws_pass(libreoffice: Office) -> None:
    libreoffice.fonts.refuse_undrawable("委员王䶮 𬭊𪟝 ①㎡℃ R&D é e\u0301 — · “”\u3000\t\n\u200b\u00ad a\u2011b")


@pytest.mark.parametrize("character", ["\U0001f468", "\u0f56", "\U0001d400"])
def test_a_character_that_no_font_draws_is_refused_before_it_is_printed(character: str, libreoffice: Office) -> None:
    with pytest.raises(UndrawableCharacter) as caught:
        libreoffice.fonts.refuse_undrawable(f"负责人{character}到会")
    assert f"“{character}”（U+{ord(character):04X}）" in caught.value.for_person
    assert "请换一种写法" in caught.value.for_person
    assert not caught.value.retry


def test_a_script_of_the_operators_own_can_be_printed(tmp_path: Path) -> None:
    operators = tmp_path / "fonts of ours"
    operators.mkdir()
    rename(KAITI, "AR PL KaitiM GB", "Tibetan Machine", operators / "tibetan.ttf")
    assert "Tibetan Machine" in Fonts(tmp_path / "data", operators).write(tmp_path).read_text()


def rename(font: Path, old: str, new: str, copy: Path) -> None:
    """A copy of a font under another name of the same length."""
    assert len(old) == len(new)
    data = font.read_bytes()
    for encoding in ("utf-16-be", "ascii"):
        data = data.replace(old.encode(encoding), new.encode(encoding))
    copy.write_bytes(data)
