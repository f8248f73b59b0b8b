"""Hard texts: what LibreOffice makes of them is read as it was written, or refused."""

import subprocess
import unicodedata
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from reports import characters
from tests.paper import Paper, fill
from tests.printing import an_office
from workers.fonts.chosen import UndrawableCharacter
from workers.office.alone import to_pdf
from workers.office.installed import Office
from workers.proof.word_text import read_word
from workers.verify import PdfDiffers, Proof, check_pdf
from workers.visible import visible

HARD = [
    "R&D <x> \"q\" 'a' {{ 7*7 }} {% if %} {_{ x }_}",
    "䶮 𬭊 𫖯 𬱟 𪟝 ㎡ 𠮷𪚥 㛃㙍",
    "⼀一⾦金⺠民 \uf900豈\uf91d神 \U0002f81a冬",
    "fi ffi office fluffy \ufb01 \ufb03",
    "零\u200b宽 连\u200d接 选\ufe0f择 组\u034f合",
    "软\u00ad连字符" * 30,
    "ab\u00adcdef" * 60,
    "不\u2011断 a\u2011b" * 20,
    "COVID-19 Wi-Fi " * 20,
    "e\u0301 é ậ a\u0302\u0323 ü x\u0338 A\u0300\u0301\u0302\u0303",
    "①②③⑳ ㈠Ⅳ℃№㏎㊣ ½¼⅓⁵₂ ⑴⒈ⅰ㋿",
    "☐☑✓✔★■□▲ ◇◆○●◎△▽",
    "—— …… “引号” ‘单’ 《书》〈〉【】〔2025〕「」『』",
    "·•･・－- – — ― ‐ − ～〜 ＿",
    "0123456789 1,234.5678 ％%‰ ０１２ ＡＢＣａｂｃ",
    "العربية مرحبا 123 abc",
    "שלום עולם abc שלום",
    "ئۇيغۇرچە مرحبا " * 12,
    "a(ب)c ٠١٢٣ 456",
    "Ελληνικά Кириллица ǅĳŉſ ÅÅ ΩΩ",
    "か\u3099が ｶﾞ ㍿ 가각 \u1100\u1161 ㄅㄆ",
    "𰻝𰻞 𪜀 㐀㐁 﨎﨏 龦龧龨龻鿍鿿 〇零",
    "制\t表 换\n行 不\u00a0断\u3000全",
    "a" * 300,
    "https://www.gov.cn/zhengce/content/2021-09/29/content_5640030.htm?x=1&y=2",
]


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return an_office(tmp_path_factory.mktemp("data"))


def proved(paper: Paper, folder: Path, office: Office) -> Proof:
    """Print and check; a refusal passes through."""
    docx = paper.save(folder / "report.docx")
    return check_pdf(to_pdf(docx, folder, office=office), read_word(docx), office.fonts)


@pytest.mark.parametrize("font", ["仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"])
def test_hard_texts_are_read_as_they_were_written(font: str, libreoffice: Office, tmp_path: Path) -> None:
    paper = Paper()
    for text in HARD:
        paper.write(f"甲{text}乙", font=font)
    proved(paper, tmp_path, libreoffice)


def test_hard_texts_in_cells_are_read_as_they_were_written(libreoffice: Office, tmp_path: Path) -> None:
    paper = Paper()
    paper.draw([["1", text, "23"] for text in HARD], heads=1)
    proved(paper, tmp_path, libreoffice)


def test_rows_and_groups_that_are_split_over_pages_are_whole(libreoffice: Office, tmp_path: Path) -> None:
    paper = Paper().write(*["前文"] * 12)
    long = "这一格的文字很长，要分在两页上。" * 12
    paper.draw([["表头", "甲", "乙"], *[[f"{number}", long, long + "尾"] for number in range(6)]], heads=1)
    table = paper.draw([["组", "子"], *[["", str(number)] for number in range(60)]], heads=1)
    group(table, 1, 60, "这一组的名称长得要跨页" * 20)
    assert proved(paper.write("后文"), tmp_path, libreoffice).pages > 4


def test_upright_text_in_a_narrow_cell_is_read_downwards(libreoffice: Office, tmp_path: Path) -> None:
    paper = Paper()
    table = paper.draw([["（四）无法提供 12 AB", "1"]])
    table.rows[0].height = Pt(200)
    direction = OxmlElement("w:textDirection")
    direction.set(qn("w:val"), "tbRl")
    table.cell(0, 0)._tc.get_or_add_tcPr().append(direction)
    proved(paper, tmp_path, libreoffice)


def test_text_that_does_not_fit_into_its_row_is_missed(libreoffice: Office, tmp_path: Path) -> None:
    paper = Paper()
    table = paper.draw([["办理结果" * 30, "1024"], ["总计", "2048"]])
    table.rows[0].height, table.rows[0].height_rule = Pt(40), WD_ROW_HEIGHT_RULE.EXACTLY
    with pytest.raises(PdfDiffers) as caught:
        proved(paper, tmp_path, libreoffice)
    assert "第 1 页：Word 文件是“…" in caught.value.for_person


def test_figures_beside_each_other_do_not_run_together(libreoffice: Office, tmp_path: Path) -> None:
    printed = Paper()
    printed.draw([["12", "3"]])
    pdf = to_pdf(printed.save(tmp_path / "report.docx"), tmp_path, office=libreoffice)
    other = Paper()
    other.draw([["1", "23"]])
    with pytest.raises(PdfDiffers) as caught:
        check_pdf(pdf, read_word(other.save(tmp_path / "other.docx")), libreoffice.fonts)
    assert "Word 文件是“一、总体情况｜1｜23｜”，PDF 是“一、总体情况｜12｜3｜”" in caught.value.for_person


@pytest.fixture(scope="module")
def drawable(libreoffice: Office) -> list[str]:
    """Every character of every plane that may be typed and can be printed here."""
    numbers = (number for font in libreoffice.fonts.embeddable for number in font.coverage.numbers())
    return sorted({chr(number) for number in numbers if characters.why_not(chr(number), one_line=True) is None})


def test_characters_of_four_planes_can_be_printed(drawable: list[str]) -> None:
    assert {ord(character) >> 16 for character in drawable} >= {0, 1, 2, 3}


# LibreOffice 7.4 loses a glyph now and then when a line needs three fonts; then the refusal is what we want to see.
@settings(max_examples=8, deadline=None, database=None, phases=[Phase.generate])
@given(data=st.data())
def test_what_is_accepted_is_what_another_reader_reads(
    data: st.DataObject, drawable: list[str], libreoffice: Office
) -> None:
    rare = data.draw(st.lists(st.text(st.sampled_from(drawable), max_size=4), min_size=8, max_size=8))
    paper = Paper().write(*(f"委员{text}到会" for text in rare))
    paper.draw([rare[:4], rare[4:]])
    with TemporaryDirectory() as folder:
        try:
            proof = proved(paper, Path(folder), libreoffice)
        except (PdfDiffers, UndrawableCharacter):
            assume(False)
        assert read_by_poppler(Path(folder) / "report.pdf", proof.pages) == written(Path(folder) / "report.docx")


def read_by_poppler(pdf: Path, pages: int) -> Counter[str]:
    """How often each character stands in the document; the order of rare ones is not poppler's strength."""
    command = ["pdftotext", "-raw", pdf, "-"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    numbers = "".join(f"-{page}-" for page in range(1, pages + 1))
    return counted(said) - counted(numbers)


def written(docx: Path) -> Counter[str]:
    return counted("".join(block.text for block in read_word(docx).blocks))


def counted(text: str) -> Counter[str]:
    # Poppler takes ligatures and full-width forms apart.
    return Counter(visible(unicodedata.normalize("NFKC", text)))


def group(table: Table, first: int, last: int, text: str) -> None:
    """One cell beside many rows."""
    cell = table.cell(first, 0).merge(table.cell(last, 0))
    for paragraph in cell.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    fill(cell.paragraphs[0], text, "宋体", size=10.5, pitch=18)
