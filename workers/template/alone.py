"""A template gone through in a process of its own, which may use so much time and memory and no more.

    python -m workers.template.alone TEMPLATE_DIR DEFINITION FILE

prints what is wrong with it as JSON.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from reports.definition import Definition
from reports.loading import Definitions
from storage.making.packages import Kind, PackageRefused, admit
from storage.settings import PROJECT
from workers import children
from workers.template.lint import Flaw, lint

SECONDS: Final = 60.0
_LIMITS: Final = children.Limits(seconds=SECONDS, memory=1024 * children.MEBIBYTE)
_WHOLE: Final = "整个文件"


def flaws_of(definitions: Definitions, definition: Definition, template: Path, folder: Path) -> list[Flaw]:
    """Everything wrong with a template, found by a child in `folder`; one that kills the child is itself a flaw."""
    argv: list[str | Path] = [sys.executable, "-m", __name__, definitions.folder, definition.reference, template]
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": str(PROJECT)}
    ended = children.run(argv, cwd=folder, env=environment, limits=_LIMITS)
    try:
        return [Flaw(**one) for one in json.loads(ended.out)]
    except ValueError:
        what = f"检查时超出了时间或内存的限制（{ended}）" if ended.timed_out else f"检查程序中断（{ended}）"
        return [Flaw(_WHOLE, what, "请用 Word 或 WPS 另存一份，去掉特别大的内容后再上传")]


def main(arguments: Sequence[str]) -> None:
    """What the child does."""
    folder, reference, file = arguments
    template = Path(file)
    try:
        admit(template, Kind.WORD)
        found = lint(Definitions(Path(folder))[reference], template)
    except PackageRefused as error:
        found = [Flaw(_WHOLE, error.for_person.rstrip("。"), "")]
    print(json.dumps([asdict(flaw) for flaw in found], ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
