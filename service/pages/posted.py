"""A section's form as it was sent: which fields were typed into, and what the pressed button asks for besides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MultiDict

from reports.admitting import Change
from reports.definition import Section
from reports.drafting import Typed
from service.drafts import Draft
from service.pages.section_form import fingerprint
from service.sections import inputs_of, names_in

NEVER: Final = "0"
# What stands beside a field, under its name.
_BESIDE: Final = ("version:", "note:")
# More digits than any count of changes has.
LONGEST: Final = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """What the pressed button says: keep it, go on, fill with zeros, take over last year's text …"""

    go: str = "save"
    on: str = ""
    value: str = ""
    version: str = ""

    @classmethod
    def read(cls, pressed: str) -> "Wish":
        """`mend:requests.carried_in.natural_person=118@3` → mend, that cell, 118, over its third version."""
        go, _, rest = pressed.partition(":")
        on, _, rest = rest.partition("=")
        value, _, version = rest.partition("@")
        return cls(go or "save", on, value, version)


def typed(draft: Draft, section: Section | None, form: MultiDict[str, str]) -> dict[str, Typed]:
    """What was typed, by name: fields that were only sent along as the page held them are left out."""
    found = {}
    for name in _sent(section, form):
        value, note = _lines(form.get(name, "")), _lines(form.get(f"note:{name}", ""))
        _, _, held = form.get(f"version:{name}", NEVER).partition("-")
        # A page that does not say what it held (a program's, an old one's) is compared with what is stored.
        if (held or fingerprint(draft.value(name), draft.note(name))) != fingerprint(value, note):
            found[name] = (value, note)
    return found


def wished(draft: Draft, section: Section | None, sent: Mapping[str, Typed], wish: Wish) -> dict[str, Typed]:
    """What was typed, and what the pressed button adds to it or takes from it."""
    if wish.go == "take":
        return {name: one for name, one in sent.items() if name != wish.on}
    return {**sent, **_added(draft, section, sent, wish)}


def changes(form: MultiDict[str, str], values: Mapping[str, Typed], wish: Wish) -> list[Change]:
    """The same as changes to be kept, each over the version that the page saw."""
    seen = {wish.on: wish.version} if wish.version else {}
    return [
        Change(name, value, note, _version(seen.get(name) or form.get(f"version:{name}", "")))
        for name, (value, note) in values.items()
    ]


def _added(draft: Draft, section: Section | None, sent: Mapping[str, Typed], wish: Wish) -> dict[str, Typed]:
    def now(name: str) -> Typed:
        return sent.get(name, (draft.value(name), draft.note(name)))

    if wish.go == "zeros" and section:
        return {name: ("0", now(name)[1]) for name in inputs_of(section) if not now(name)[0].strip()}
    if wish.go == "mend" and wish.on in draft.definition.cells:
        return {wish.on: (wish.value, now(wish.on)[1])}
    if wish.go == "adopt" and draft.previous and not now(wish.on)[0].strip():
        text = draft.previous.texts.get(wish.on)
        return {wish.on: (text, "")} if text and wish.on in draft.definition.texts else {}
    return {}


def _sent(section: Section | None, form: MultiDict[str, str]) -> Iterator[str]:
    own = names_in(section) if section else frozenset()
    for name in form:
        if name in own or ("@" in name and not name.startswith(_BESIDE)):
            yield name
        elif name.startswith("note:") and name[5:] in own and name[5:] not in form:
            # A total: nothing but its note is typed.
            yield name[5:]


def _version(seen: str) -> int | None:
    number, _, _ = seen.partition("-")
    return int(number) if number.isdecimal() and len(number) < LONGEST else None


def _lines(sent: str) -> str:
    # Browsers send every line end as two characters.
    return sent.replace("\r\n", "\n").replace("\r", "\n")
