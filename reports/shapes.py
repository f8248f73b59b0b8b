"""What a definition file looks like on disk: which keys stand where, and of what type."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[str, Field(min_length=1)]


class Shape(BaseModel):
    """A table of the file: no unknown keys, no type guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class LineShape(Shape):
    """A row or a column; `of` holds the lines beneath it, or the name of a list in `[lines]`."""

    key: str
    label: str
    short: str = ""
    hint: str = ""
    of: "tuple[LineShape, ...] | str" = ()
    total: bool = False


class LawShape(Shape):
    """A rule's number and its sentence."""

    id: Words
    says: Words


class SumsShape(Shape):
    """What the totals of a table are called: `across` its columns, `down` its rows."""

    across: LawShape | None = None
    down: LawShape | None = None


class RuleShape(LawShape):
    """A relation in the language of `reports.formulas`."""

    that: Words
    each: str = "once"
    severity: str = "error"
    unless_unit: str | None = None


class TableShape(Shape):
    """A grid of cells."""

    key: str
    cells: str
    columns: tuple[LineShape, ...] | str
    rows: tuple[LineShape, ...] | str
    caption: str = ""
    stub: str = ""
    note: str = ""
    sums: SumsShape = SumsShape()
    rule: tuple[RuleShape, ...] = ()


class TextShape(Shape):
    """A piece of narrative."""

    key: str
    heading: str = ""
    hint: str = ""
    required: bool = True
    at_most: Annotated[int, Field(gt=0)] = 30_000


class LengthShape(LawShape):
    """How long the texts of a section should be together, in characters."""

    at_most: Annotated[int, Field(gt=0)]


class SectionShape(Shape):
    """A numbered part of the report."""

    key: str
    heading: Words
    texts: tuple[TextShape, ...] = ()
    table: tuple[TableShape, ...] = ()
    length: LengthShape | None = None
    states_year: bool = False
    nil: str = ""


class BuiltInShape(Shape):
    """The rules that every definition has: readable figures, texts present, the right year."""

    figures: LawShape
    texts: LawShape
    years: LawShape


class DefinitionShape(Shape):
    """A whole definition file."""

    id: Words
    edition: Words
    title: Words
    first_year: int
    laws: BuiltInShape
    lines: dict[str, tuple[LineShape, ...]] = {}
    section: Annotated[tuple[SectionShape, ...], Field(min_length=1)]
    rule: tuple[RuleShape, ...] = ()
