"""What the code says, and what a catalogue makes of it; `python -m tests.promises.catalogue FILE` lists what lacks."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

PROJECT = Path(__file__).parents[2]
TRANSLATIONS = PROJECT / "service" / "translations"
FOLDERS = ("reports", "storage", "workers", "service")
PLACE = re.compile(r"\{[a-z_]+[^{}]*\}|%\([a-z_]+\)s")
CHINESE = re.compile("[\u3400-\u9fff]")


def said() -> set[str]:
    """Every sentence that the code asks the catalogue for."""
    with (TRANSLATIONS / "extract.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "gettext": None, "t": None, "N_": None}
    found = extract_from_dir(PROJECT, methods, options, keywords=keywords, directory_filter=_is_ours)
    return {message if isinstance(message, str) else message[0] for _file, _line, message, *_rest in found}


def catalogue(file: Path) -> Catalog:
    """A catalogue as it lies in the repository."""
    with file.open("rb") as opened:
        return read_po(opened, locale=file.stem)


def _is_ours(folder: str | Path) -> bool:
    path = Path(folder).resolve()
    return path == PROJECT or path.relative_to(PROJECT).parts[0] in FOLDERS


def shortcomings(file: Path) -> Iterator[str]:
    """What is missing from a catalogue, what nobody says any more, and what lost its places."""
    there = {str(one.id): one for one in catalogue(file) if one.id}
    wanted = said()
    translated = {sentence for sentence, one in there.items() if one.string}
    yield from (f"not translated: {sentence}" for sentence in sorted(wanted - translated))
    yield from (f"nobody says this any more: {sentence}" for sentence in sorted(there.keys() - wanted))
    for sentence, one in there.items():
        if one.fuzzy:
            yield f"only guessed: {sentence}"
        if one.string and sorted(PLACE.findall(sentence)) != sorted(PLACE.findall(str(one.string))):
            yield f"other places than the original: {sentence} → {one.string}"
        if CHINESE.search(str(one.string)):
            yield f"still Chinese: {sentence} → {one.string}"


if __name__ == "__main__":
    for line in shortcomings(Path(sys.argv[1])):
        print(line)
