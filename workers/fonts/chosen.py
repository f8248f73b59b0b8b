"""Which installed font draws which declared one, and which characters none of them can draw."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workers.errors import DocumentFailed
from workers.fonts import fontconfig
from workers.fonts.roles import NET, ROLES, Role
from workers.visible import visible


class FontMissing(DocumentFailed):
    """A face that official documents need has neither the real font nor a stand-in."""

    code = "font_missing"
    retry = True

    def __init__(self, role: Role) -> None:
        names = "、".join(role.stand_ins)
        super().__init__(
            for_person=f"服务器缺少{role.name}字体，暂时无法生成文件。请管理员安装字体后重试。",
            for_operator=f"no font for {role.name}: install one of {names}, or put {role.declared[0]} in the "
            "operator's font folder; script/bootstrap installs the free ones; then restart the workers",
        )


class UndrawableCharacter(DocumentFailed):
    """A character that no font draws would be, or was, printed as an empty box."""

    code = "undrawable_character"
    retry = False

    def __init__(self, characters: tuple[str, ...]) -> None:
        shown = "、".join(f"“{c}”（U+{ord(c):04X}）" for c in characters[:5])
        more = f"等 {len(characters)} 个字" if len(characters) > 5 else ""
        super().__init__(
            for_person=f"服务器的字体里没有这个字，印出来会是空框：{shown}{more}。请换一种写法，或请管理员安装含有该字的字体。",
            for_operator=f"no accepted font draws {shown}; put a font that does into the operator's font folder "
            "and restart the workers",
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a declared font is drawn with on this machine."""

    declared: str
    family: str
    file: Path
    stand_in: bool


class Coverage:
    """The characters that a font draws."""

    def __init__(self, ranges: str) -> None:
        pairs = [[int(end, 16) for end in one.split("-")] for one in ranges.split()]
        self._starts = [pair[0] for pair in pairs]
        self._ends = [pair[-1] for pair in pairs]
        # Reports are written with the same few thousand characters again and again.
        self._known: set[str] = set()

    def __contains__(self, character: str) -> bool:
        place = bisect_right(self._starts, ord(character)) - 1
        return place >= 0 and ord(character) <= self._ends[place]

    def numbers(self) -> Iterator[int]:
        """The code points of all of them."""
        for start, end in zip(self._starts, self._ends, strict=True):
            yield from range(start, end + 1)

    def draws(self, text: str) -> bool:
        """Whether all of `text` can be drawn, as it stands or with accents put together or taken apart."""
        if text not in self._known:
            forms = {text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)}
            if not any(all(character in self for character in form) for form in forms):
                return False
            self._known.add(text)
        return True


@dataclass(frozen=True, slots=True)
class Embeddable:
    """A font file that a PDF may hold parts of: its family, how the PDF may call it, and what it draws."""

    family: str
    names: tuple[str, ...]
    coverage: Coverage


class Fonts:
    """The fonts of this machine, chosen once: what the operator gave, then what we fetched, then the system's."""

    def __init__(self, data_dir: Path, operator_dir: Path | None = None) -> None:
        ours = (operator_dir, data_dir / "fonts")
        self._given = [folder for folder in ours if folder is not None and folder.is_dir()]
        self._cache = data_dir / "fontcache"
        self._cache.mkdir(parents=True, exist_ok=True)
        self._drawable: set[str] = set()
        self._drawable_with: dict[str, set[str]] = {}
        # Asking fontconfig takes longer than checking a document, and what it says does not change.
        self._asked: dict[str, Drawn] = {}

    def write(self, folder: Path) -> Path:
        """Write the private fontconfig file into `folder`; with it LibreOffice sees the chosen fonts and no other."""
        path = folder / "fonts.conf"
        path.write_text(self._configuration, encoding="utf-8")
        return path

    @cached_property
    def readable(self) -> tuple[Path, ...]:
        """The folders that a program with this configuration reads."""
        return (*self._folders, self._cache)

    @cached_property
    def embeddable(self) -> tuple[Embeddable, ...]:
        """The font files that a PDF made here may hold parts of."""
        # A font in a collection is embedded under the name of another one in it, so all of them are good.
        return tuple(
            self._embeddable(file, ranges)
            for file, ranges in fontconfig.charsets(self._configuration, self._cache).items()
        )

    def _embeddable(self, file: Path, ranges: str) -> Embeddable:
        faces = [face for face in self._installed if face.file == file]
        families = [one for face in faces for one in face.families]
        # The name by which it was chosen: a collection has many.
        family = next((one for one in self._families if _among(one, families)), file.stem)
        return Embeddable(family, tuple(face.postscript for face in faces), Coverage(ranges))

    def draws(self, family: str, character: str) -> bool:
        """Whether a family has a character, in any of its files."""
        known = self._drawable_with.setdefault(family, set())
        if character not in known:
            if not any(one.coverage.draws(character) for one in self.embeddable if _same(one.family, family)):
                return False
            known.add(character)
        return True

    def drawn_with(self, declared: Iterable[str] | None = None) -> list[Drawn]:
        """What fontconfig says each declared font is drawn with; without names, every name official documents use."""
        names = declared if declared is not None else [name for role in ROLES for name in role.declared]
        return [self._asked.get(name) or self._asked.setdefault(name, self._drawn(name)) for name in names]

    def in_order(self, families: Iterable[str]) -> list[str]:
        """These families, those first that are asked for what a face lacks."""
        return sorted(families, key=lambda one: self._net.index(one) if one in self._net else len(self._net))

    def undrawable(self, text: str) -> tuple[str, ...]:
        """The characters of `text` that would be printed as empty boxes."""
        unknown = set(visible(unicodedata.normalize("NFC", text))) - self._drawable
        missing = {one for one in unknown if not any(font.coverage.draws(one) for font in self.embeddable)}
        self._drawable |= unknown - missing
        return tuple(sorted(missing))

    def refuse_undrawable(self, text: str) -> None:
        """Raise UndrawableCharacter when the text has a character that no font draws."""
        if characters := self.undrawable(text):
            raise UndrawableCharacter(characters)

    def _drawn(self, name: str) -> Drawn:
        family, file = fontconfig.match(self._configuration, self._cache, name)
        families = {one for face in self._installed if face.file == file for one in face.families}
        kin = next((role.declared for role in ROLES if _among(name, role.declared)), (name,))
        return Drawn(name, family, file, stand_in=not any(_among(one, kin) for one in families))

    @cached_property
    def _installed(self) -> list[fontconfig.Installed]:
        return fontconfig.installed(self._given, self._cache)

    @cached_property
    def _chosen(self) -> dict[Role, str]:
        """Role → the family that draws it."""
        return {role: self._choose(role) for role in ROLES}

    def _choose(self, role: Role) -> str:
        installed = {one.casefold(): one for face in self._installed for one in face.families}
        names = (*role.declared, *role.stand_ins)
        found = next((installed[name.casefold()] for name in names if name.casefold() in installed), None)
        if found is None:
            raise FontMissing(role)
        return found

    @cached_property
    def _families(self) -> list[str]:
        return list(dict.fromkeys((*self._chosen.values(), *self._net)))

    @cached_property
    def _net(self) -> list[str]:
        """The families that are asked, in this order, for characters that a face lacks."""
        # What the operator put there is there to be used: for a script that no other font has, say.
        given = (face for face in self._installed if any(map(face.file.is_relative_to, self._given)))
        return list(dict.fromkeys((*NET, *(face.families[0] for face in given))))

    @cached_property
    def _folders(self) -> list[Path]:
        accepted = [face for face in self._installed if any(_among(one, self._families) for one in face.families)]
        return list(dict.fromkeys(face.file.parent for face in accepted))

    @cached_property
    def _configuration(self) -> str:
        steers = [
            fontconfig.Steer(declared, family, bold=role.bold_stand_ins and not _among(family, role.declared))
            for role, family in self._chosen.items()
            for declared in role.declared
        ]
        return fontconfig.only(self._folders, self._cache, self._families, steers, self._net)


def _same(name: str, other: str) -> bool:
    return name.casefold() == other.casefold()


def _among(name: str, names: Iterable[str]) -> bool:
    return name.casefold() in {one.casefold() for one in names}
