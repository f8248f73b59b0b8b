"""scaffold(): a first Word template drawn from a definition alone, for people to polish in Word."""

from collections.abc import Iterator
from itertools import groupby

from reports.definition import Definition, Section, Table, Text
from reports.faces.grid import grid
from workers.template.package import package
from workers.template.tables import Drawing
from workers.wordml import Element, paragraph, run, twips, w


def scaffold(definition: Definition) -> bytes:
    """A .docx with every cell and text of the definition in its place, each asked for once."""
    return package(list(_body(definition)))


def _body(definition: Definition) -> Iterator[Element]:
    yield from _loop("Title", "line", "title")
    after_table = False
    for section in definition.sections:
        drawings = [Drawing([grid(table) for table in tables]) for tables in _together(section.tables)]
        yield _heading(section, drawings, after_table=after_table)
        for text in section.texts:
            yield from _text(text)
        for drawing in drawings:
            if drawing is not drawings[0]:
                yield paragraph("Gap")
            yield drawing.element()
        after_table = bool(drawings)
    if after_table:
        # Word wants a paragraph behind a last table.
        yield paragraph("Gap")


def _heading(section: Section, drawings: list[Drawing], *, after_table: bool) -> Element:
    """A section's heading; air towards a table before or behind it, a new page when its table takes most of one."""
    first = drawings[0] if drawings and not section.texts else None
    new_page = first is not None and first.fills_page
    air = {"before": 14 if after_table and not new_page else 0, "after": 6 if first else 0}
    spacing = w("spacing", **{side: twips(points) for side, points in air.items()})
    return paragraph(
        "Heading1",
        run(section.heading),
        page=w("pageBreakBefore") if new_page else None,
        spacing=spacing if any(air.values()) else None,
    )


def _text(text: Text) -> Iterator[Element]:
    if text.heading:
        yield paragraph("Heading2", run(text.heading))
    yield from _loop("Body", "paragraph", text.name)


def _loop(style: str, each: str, name: str) -> Iterator[Element]:
    yield paragraph(style, run(f"{{%p for {each} in {name} %}}"))
    yield paragraph(style, run(f"{{{{ {each} }}}}"))
    yield paragraph(style, run("{%p endfor %}"))


def _together(tables: tuple[Table, ...]) -> Iterator[list[Table]]:
    """Captioned tables that follow each other are printed as one; any other table for itself."""
    for captioned, neighbours in groupby(tables, key=lambda table: bool(table.caption)):
        if captioned:
            yield list(neighbours)
        else:
            yield from ([table] for table in neighbours)
