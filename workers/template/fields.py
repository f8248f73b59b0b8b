"""Fields of Word in a template: page numbers and their like are welcome, what fetches or runs anything is not."""

from collections.abc import Iterator, Mapping
from typing import Final

from workers.wordml import Element, qualified

# Whatever else Word knows reads other files, asks other programs, or runs something.
HARMLESS: Final = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "STYLEREF", "REF", "PAGEREF", "SEQ", "TOC", "TC", "EQ"}
)
_INSTRUCTION, _SIMPLE, _INSTR = qualified("instrText"), qualified("fldSimple"), qualified("instr")
_CHARACTER, _KIND = qualified("fldChar"), qualified("fldCharType")


def foreign_fields(parts: Mapping[str, Element]) -> Iterator[tuple[str, str]]:
    """The part and the instruction of every field that a template must not have."""
    for name, root in parts.items():
        for instruction in _instructions(root):
            word = instruction.split()[0].upper() if instruction.split() else ""
            if word and word not in HARMLESS:
                yield name, " ".join(instruction.split())


def _instructions(root: Element) -> Iterator[str]:
    yield from (one.get(_INSTR, "") for one in root.iter(_SIMPLE))
    said: list[str] = []
    # Word cuts an instruction into runs as it likes; a field begins anew with each mark.
    for one in root.iter(_INSTRUCTION, _CHARACTER):
        if one.tag == _INSTRUCTION:
            said.append(one.text or "")
        elif said:
            yield "".join(said)
            said = []
    if said:
        yield "".join(said)
