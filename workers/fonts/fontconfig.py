"""fontconfig: which fonts are installed, and a configuration of our own that shows LibreOffice only some of them."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from workers import children
from workers.errors import DocumentFailed

_FIELDS: Final = "%{family}\t%{file}\t%{postscriptname}\n"
_SECONDS: Final = 60  # the first run on a machine reads every font


class FontsUnknown(DocumentFailed):
    """fontconfig did not say which fonts there are."""

    code = "fonts_unknown"
    retry = True

    def __init__(self, program: str, finished: children.Finished) -> None:
        super().__init__(
            for_person="服务器查不到已安装的字体，暂时无法生成文件。请与管理员联系。",
            for_operator=f"{program} {finished}; is the package fontconfig installed?",
        )


@dataclass(frozen=True, slots=True)
class Installed:
    """One face of one font file, under all its family names."""

    families: tuple[str, ...]
    file: Path
    postscript: str


@dataclass(frozen=True, slots=True)
class Steer:
    """What a declared family is drawn with."""

    declared: str
    family: str
    bold: bool


def installed(folders: Sequence[Path], cache: Path) -> list[Installed]:
    """Every face in `folders` and in the system's font folders; ours come first."""
    answer = _ask(whole_system(folders, cache), cache, "fc-list", "--format", _FIELDS)
    faces = [_installed(line) for line in answer.splitlines()]
    return sorted(faces, key=lambda face: _place(face.file, folders))


def charsets(configuration: str, cache: Path) -> dict[Path, str]:
    """File → the characters that its faces draw, as fontconfig writes them: ranges of hexadecimal numbers."""
    lines = _ask(configuration, cache, "fc-list", "--format", "%{file}\t%{charset}\n").splitlines()
    return {Path(file): ranges for file, _, ranges in (line.partition("\t") for line in lines)}


def match(configuration: str, cache: Path, family: str) -> tuple[str, Path]:
    """Family and file that fontconfig would draw `family` with."""
    # A hyphen begins the size in a fontconfig pattern, a colon the properties.
    pattern = "".join("\\" + c if c in "\\-:," else c for c in family)
    answer = _ask(configuration, cache, "fc-match", "--format", "%{family[0]}\t%{file}", pattern)
    found, _, file = answer.partition("\t")
    return found, Path(file)


def whole_system(folders: Sequence[Path], cache: Path) -> str:
    """A configuration that sees our folders and everything the system has."""
    return _document(*_folders(folders, cache), '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>')


def only(
    folders: Sequence[Path], cache: Path, families: Iterable[str], steers: Iterable[Steer], net: Sequence[str]
) -> str:
    """A configuration in which nothing exists but `families`: no other font can slip into a document."""
    return _document(
        *_folders(folders, cache),
        "<selectfont><rejectfont><pattern/></rejectfont><acceptfont>",
        *map(_upright, families),
        "</acceptfont></selectfont>",
        *map(_steer, steers),
        # What the face itself lacks is looked for here, so that rare characters stay in style.
        f'<match target="pattern"><edit name="family" mode="append" binding="strong">{_strings(net)}</edit></match>',
    )


def _upright(family: str) -> str:
    # Slanted and narrow faces have other characters than upright ones, and are never what a missing one should be
    # looked for in; LibreOffice slants by itself.
    return (
        f'<pattern><patelt name="family">{_string(family)}</patelt>'
        '<patelt name="slant"><int>0</int></patelt><patelt name="width"><int>100</int></patelt></pattern>'
    )


def _steer(steer: Steer) -> str:
    bold = '<edit name="weight" mode="assign"><const>bold</const></edit>' if steer.bold else ""
    return (
        f'<match target="pattern"><test name="family">{_string(steer.declared)}</test>'
        f'<edit name="family" mode="assign" binding="strong">{_string(steer.family)}</edit>{bold}</match>'
    )


def _folders(folders: Sequence[Path], cache: Path) -> Iterator[str]:
    yield from (f"<dir>{escape(str(folder))}</dir>" for folder in folders)
    yield f"<cachedir>{escape(str(cache))}</cachedir>"


def _document(*lines: str) -> str:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
    return head + "\n".join(("<fontconfig>", *lines, "</fontconfig>")) + "\n"


def _string(text: str) -> str:
    return f"<string>{escape(text)}</string>"


def _strings(texts: Iterable[str]) -> str:
    return "".join(map(_string, texts))


def _installed(line: str) -> Installed:
    families, file, postscript = line.split("\t")
    return Installed(tuple(families.split(",")), Path(file), postscript)


def _place(file: Path, folders: Sequence[Path]) -> int:
    return next((place for place, folder in enumerate(folders) if file.is_relative_to(folder)), len(folders))


def _ask(configuration: str, folder: Path, program: str, *arguments: str) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".conf", dir=folder, encoding="utf-8") as file:
        file.write(configuration)
        file.flush()
        env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "FONTCONFIG_FILE": file.name}
        finished = children.run([program, *arguments], cwd=folder, env=env, limits=children.Limits(seconds=_SECONDS))
    if finished.code != 0 or finished.timed_out:
        raise FontsUnknown(program, finished)
    return finished.out
