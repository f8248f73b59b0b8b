"""What every part of the bench works with: a folder that goes with it, fonts, settings, how much is to be made."""

import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from reports.faces.word import context
from storage.settings import Settings
from tests.bench.answers import varied
from tests.bench.converters import Benches
from tests.bench.shop import Shop
from tests.people import DEFINITIONS, read
from workers.pipeline import Press, properties_of
from workers.word import word_template

Kept = TypeVar("Kept")


@dataclass
class Workshop:
    """A bench in a folder."""

    folder: Path
    reports: int
    memory: int
    remarks: list[str] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)

    def settings(self, name: str) -> Settings:
        """Settings of a service of its own, with the fonts that script/bootstrap fetched."""
        data = self.folder / name
        if not data.exists():
            fetched = Settings().data_dir / "fonts"
            if fetched.is_dir():
                shutil.copytree(fetched, data / "fonts")
            data.mkdir(exist_ok=True)
        return Settings(data_dir=data, database_url=f"sqlite:///{data}/nianbao.sqlite3")

    @cached_property
    def benches(self) -> Benches:
        """Where converters are set up."""
        return Benches(self.folder, self.settings("converters"))

    def shop(self, name: str, processes: int, previews: int = 0) -> Shop:
        """A service at work, until the bench is cleared."""
        return self.kept(Shop(self.settings(name), processes, previews), Shop.close)

    def kept(self, one: Kept, close: Callable[[Kept], None]) -> Kept:
        """Something that is closed when the bench is cleared."""
        self._open.callback(close, one)
        return one

    def clear(self) -> None:
        """Close what is open."""
        self._open.close()

    def word_files(self, count: int) -> list[Path]:
        """As many Word files, filled as the service fills them."""
        press = Press.from_settings(self.settings("converters"), DEFINITIONS)
        place = self.folder / "word"
        place.mkdir(exist_ok=True)
        return [_filled(press, varied(number), place / f"report-{number}.docx") for number in range(count)]

    def tell(self, words: str) -> None:
        """How far it has come, to whoever waits."""
        print(words, file=sys.stderr, flush=True)


def _filled(press: Press, document: dict[str, Any], path: Path) -> Path:
    answers = read(document)
    template = word_template(press.template_of(answers.definition))
    path.write_bytes(template.fill(context(answers), properties_of(answers)))
    return path
