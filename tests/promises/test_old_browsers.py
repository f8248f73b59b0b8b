"""Offices have browsers as old as Chromium 80: nothing of ours asks for more."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "service" / "static"
OURS = [file for file in STATIC.rglob("*") if "vendor" not in file.parts]
STYLES = sorted(file for file in OURS if file.suffix == ".css")
SCRIPTS = sorted(file for file in OURS if file.suffix == ".js")

LONGEST_SCRIPT = 200

# What it is, and the first Chromium that knows it.
NEWER_STYLES = {
    r":(is|where)\(": ":is(), :where() (88)",
    r":has\(": ":has() (105)",
    r":focus-visible": ":focus-visible (86)",
    r"@layer\b": "@layer (99)",
    r"@container\b|container-type": "container queries (105)",
    r"@property\b": "@property (85)",
    r"(?<![-\w])aspect-ratio\s*:": "aspect-ratio (88)",
    r"(?<![-\w])inset(-\w+)*\s*:": "inset (87)",
    r"(?<![-\w])accent-color\s*:": "accent-color (93)",
    r"color-mix\(": "color-mix() (111)",
    r"\b(oklch|oklab|lab|lch)\(": "colour spaces (111)",
    r"\b\d*\.?\d+(dvh|svh|lvh|dvw)\b": "dynamic viewport units (108)",
    r"(?<![-\w])(margin|padding)-(inline|block)\s*:": "logical shorthands (87)",
    r"(?<![-\w])content-visibility\s*:": "content-visibility (85)",
    r"(?<![-\w])text-wrap\s*:": "text-wrap (114)",
    r"(?<![-\w])scrollbar-gutter\s*:": "scrollbar-gutter (94)",
    r"(?<![-\w])overflow(-[xy])?\s*:\s*clip": "overflow: clip (90)",
    r"\bsubgrid\b": "subgrid (117)",
    r"\{[^{}]*(?<![\w-])&": "nesting (112)",
    r"(?<![-\w])thead\s*\{[^}]*position\s*:\s*sticky": "a sticky thead (91)",
}
NEWER_SCRIPTS = {
    r"\?\?=|\|\|=|&&=": "logical assignment (85)",
    r"\.replaceAll\(": "replaceAll() (85)",
    r"\.at\(-": "at() of the end (92)",
    r"structuredClone\(": "structuredClone() (98)",
    r"\.findLast(Index)?\(": "findLast() (97)",
    r"\.(toSorted|toReversed|toSpliced|with)\(": "copying methods (110)",
    r"Object\.(hasOwn|groupBy)\(": "Object.hasOwn() (93)",
    r"Promise\.(any|withResolvers)\(": "Promise.any() (85)",
    r"\bAbortSignal\.(timeout|any)\b": "AbortSignal.timeout() (103)",
    r"\bcrypto\.randomUUID\b": "crypto.randomUUID() (92)",
    r"\bnavigator\.clipboard\b": "the clipboard without its event: only over HTTPS",
    r"\.(replaceChildren|showPopover|showModal|checkVisibility)\(": "newer than 80 on elements",
    r"^\s*(static\s+)?#\w+|this\.#\w+": "private methods (84)",
    r"^\s*static\s*\{": "static blocks (94)",
    # What stands in a function is indented.
    r"^(?:(?:(?:const|let|var)\s)?[\w.{][\w.{}, ]*=\s*)?await\s": "await outside a function (89)",
}
_COMMENTS = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$|(?<=\s)//[^\n]*$", re.DOTALL | re.MULTILINE)


def newer(text: str, features: dict[str, str]) -> list[str]:
    """What in a text is newer than Chromium 80, comments left out."""
    bare = _COMMENTS.sub("", text)
    return [name for pattern, name in features.items() if re.search(pattern, bare, re.MULTILINE)]


def flex_with_gap(text: str) -> list[str]:
    """Rules that lay out in a line with `gap`: of grids old browsers know it, of lines they do not."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", _COMMENTS.sub("", text))
    return [
        selector.strip()
        for selector, body in rules
        if re.search(r"display\s*:\s*(inline-)?flex", body) and re.search(r"(?<![-\w])(row-|column-)?gap\s*:", body)
    ]


def called(file: Path) -> str:
    return str(file.relative_to(STATIC))


@pytest.mark.parametrize("file", STYLES, ids=called)
def test_styles_are_old_enough(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert newer(text, NEWER_STYLES) == []
    assert flex_with_gap(text) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=called)
def test_scripts_are_old_enough(file: Path) -> None:
    assert newer(file.read_text(encoding="utf-8"), NEWER_SCRIPTS) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=called)
def test_no_script_is_longer_than_the_wall(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_SCRIPT


@pytest.mark.parametrize(
    "style",
    [
        "a:is(b) { top: 0 }",
        "a:has(b) { top: 0 }",
        "a:focus-visible { top: 0 }",
        "a { inset: 0 }",
        "a { aspect-ratio: 1 }",
        "input { accent-color: red }",
        "a { color: color-mix(in srgb, red, blue) }",
        "@container (min-width: 1px) { a { top: 0 } }",
        "a { &:hover { top: 0 } }",
        "thead { position: sticky }",
        "a { height: 100dvh }",
    ],
)
def test_a_style_that_is_too_new_is_found(style: str) -> None:
    assert newer(style, NEWER_STYLES)


@pytest.mark.parametrize(
    "script",
    [
        "a ??= 1;",
        'b = a.replaceAll("x", "y");',
        "last = list.at(-1);",
        "copy = structuredClone(a);",
        "class A {\n  #hidden() {}\n}",
        "const answer = await fetch(a);",
        "list.findLast(Boolean);",
        "navigator.clipboard.readText();",
        "place.replaceChildren(a);",
    ],
)
def test_a_script_that_is_too_new_is_found(script: str) -> None:
    assert newer(script, NEWER_SCRIPTS)


def test_a_gap_between_things_in_a_line_is_found() -> None:
    assert flex_with_gap("a { display: flex; gap: 4px }") == ["a"]
    assert flex_with_gap("a { display: grid; gap: 4px }") == []


def test_what_is_only_spoken_of_is_let_pass() -> None:
    assert newer("// no structuredClone() here\n/* nor a.replaceAll( */ a = b;", NEWER_SCRIPTS) == []
    assert newer("a { scroll-padding-inset: 0; border-inset: 1px }", NEWER_STYLES) == []
