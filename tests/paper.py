"""Word files as tests write them: a small report, and pages full of whatever is to be tried."""

from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph


class Paper:
    """A Word file in the making: A4, Chinese, a page number in the footer."""

    def __init__(self, title: str = "测试报告", author: str = "安平县水务局") -> None:
        self.document = Document()
        self.document.styles["Normal"].font.name = "Times New Roman"
        self.document.core_properties.title = title
        self.document.core_properties.author = author
        [language] = self.document.styles.element.iter(qn("w:lang"))
        for script in ("w:val", "w:eastAsia"):
            language.set(qn(script), "zh-CN")
        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        number_pages(page.footer.paragraphs[0])
        self.write("一、总体情况", font="黑体", style="Heading 1")

    def write(self, *paragraphs: str, font: str = "仿宋_GB2312", style: str = "Normal") -> "Paper":
        """Paragraphs at the standard's line pitch."""
        for text in paragraphs:
            fill(self.document.add_paragraph(style=style), text, font, size=16, pitch=28.95)
        return self

    def draw(self, rows: Sequence[Sequence[str]], heads: int = 0) -> Table:
        """A table whose first rows are repeated on every page."""
        table = self.document.add_table(len(rows), len(rows[0]), style="Table Grid")
        for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
            if number < heads:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for cell, text in zip(row.cells, texts, strict=True):
                fill(cell.paragraphs[0], text, "宋体", size=10.5, pitch=18)
        return table

    def save(self, path: Path) -> Path:
        """The file."""
        self.document.save(str(path))
        return path


def a_report(unit: str = "安平县水务局") -> Paper:
    """Two pages with everything that a report has: a title, texts, a table with a group beside its rows."""
    paper = Paper(title=f"{unit}2024年政府信息公开工作年度报告", author=unit)
    paper.write(unit, "2024年政府信息公开工作年度报告", font="方正小标宋简体")
    paper.write("（一）主动公开", font="楷体_GB2312")
    paper.write("全年主动公开信息 36 条，办理 R&D 类申请 2 件，“依申请公开”无积压。" * 12)
    rows = [["三、办理结果", f"{number}.属于国家秘密", str(number * 7), ""] for number in range(1, 30)]
    table = paper.draw([["（勾稽关系）", "", "自然人", "总计"], ["一、新收", "", "1024", "0"], *rows], heads=1)
    group = table.cell(2, 0).merge(table.cell(30, 0))
    for paragraph in group.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    paper.write("二、其他需要报告的事项", font="黑体", style="Heading 1").write("无。")
    return paper


def fill(paragraph: Paragraph, text: str, font: str, size: float, pitch: float) -> None:
    """Write into a paragraph, in a face, with lines a fixed distance apart."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), font)
    paragraph.paragraph_format.line_spacing = Pt(pitch)


def number_pages(paragraph: Paragraph) -> None:
    """`- 1 -`, where 1 is a field."""
    paragraph.add_run("- ")
    for kind, text in (("begin", None), (None, " PAGE "), ("separate", None), ("shown", "1"), ("end", None)):
        run = paragraph.add_run(text if kind == "shown" else None)
        if kind is None:
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)
        elif kind != "shown":
            character = OxmlElement("w:fldChar")
            character.set(qn("w:fldCharType"), kind)
            run._r.append(character)
    paragraph.add_run(" -")
