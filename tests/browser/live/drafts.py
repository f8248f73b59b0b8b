"""Drafts to be looked at twice, by Python and by the browser: good ones, planted faults, and whatever chance brings."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.answers import Answers
from reports.definition import Definition
from reports.drafting import Typed, draft_answers, inputs
from tests.people import COLUMNS, LANJIANG, MARKET, annual, nil_return, ordinary_report, read

TESTS = Path(__file__).parents[2]
EXAMPLE = TESTS.parent / "templates" / "open-government-annual" / "2021" / "example.json"
PUBLISHED = sorted((TESTS / "answers").glob("*.json"))
TYPED = json.loads((TESTS / "cases" / "typed.json").read_text(encoding="utf-8"))
# What goes into a cell beside figures: refused, made plain, or blank; at every edge of what a cell can hold.
TYPINGS = (
    *(case["typed"] for case in TYPED),
    *(
        "999999999999",
        "1000000000000",
        "0.000001",
        "0.0000001",
        "1.10",
        "12.3",
        "00",
        "0.0",
        "1 件",
        "22（其中3件）",
        "22(3)",
    ),
    *(
        "5 \u2028",
        "\u20285",
        "\x0b7",
        "{shown}",
        "{0}",
        "$&",
        "<b>1</b>",
        "\u202e12",
        "𠮷",
        "長" * 30,
        "1" * 40,
        "\U000e0001",
        "é",
        "\u00ad",
    ),
)
ANNUAL = annual()
DOCUMENTS = "article_20_1.normative_documents"
NATURAL = "natural_person"


@dataclass(frozen=True)
class Case:
    """A draft as it is typed, and last year's report where there is one."""

    called: str
    unit: str
    typed: Mapping[str, Typed]
    previous: Answers | None = None
    definition: Definition = ANNUAL
    year: int = 2024

    @property
    def answers(self) -> Answers:
        """What Python reads out of it."""
        return draft_answers(self.definition, self.unit, self.year, self.typed)

    def to_json(self) -> dict[str, Any]:
        """What the browser has of it."""
        previous = self.previous
        return {
            "unit": self.unit,
            "typed": {name: {"value": value, "note": note} for name, (value, note) in self.typed.items()},
            "previous": {name: previous.shown(name) for name in previous.figures} if previous else {},
        }


def typed_from(document: Mapping[str, Any]) -> dict[str, Typed]:
    """What somebody would type to hand in this document."""
    typed: dict[str, Typed] = {name: (text or "", "") for name, text in document["texts"].items()}
    for name in inputs(annual()):
        figure = document["cells"].get(name)
        value, note = (figure["value"], figure.get("note", "")) if isinstance(figure, dict) else (figure, "")
        typed[name] = ("" if value is None else str(value), note)
    return typed


def cases() -> Iterator[Case]:
    """All of them; the same every time."""
    yield from whole_reports()
    yield from planted()
    yield from odd_typings()
    yield from by_chance()


def whole_reports() -> Iterator[Case]:
    """Reports as they are, with and without the year before."""
    for file in (EXAMPLE, *PUBLISHED):
        document = json.loads(file.read_text(encoding="utf-8"))
        unit, year = document["unit"]["name"], document["year"]
        yield Case(file.stem, unit, typed_from(document), year=year)
    for document in (nil_return(), nil_return(LANJIANG), ordinary_report()):
        unit = document["unit"]["name"]
        last = read(ordinary_report(unit, 2023))
        yield Case("whole", unit, typed_from(document))
        yield Case("whole, after last year's", unit, typed_from(document), last)
    older, newer = (json.loads(file.read_text(encoding="utf-8")) for file in PUBLISHED)
    yield Case(
        "published, after last year's", newer["unit"]["name"], typed_from(newer), read(older), year=newer["year"]
    )
    yield Case("nothing typed at all", MARKET, {})


def planted() -> Iterator[Case]:
    """One thing wrong in a good report, for every rule and column; one thing blank, for every field."""
    good, last = typed_from(ordinary_report()), read(ordinary_report(year=2023))
    for column in COLUMNS[:-1]:
        for row in ("received", "carried_in", "carried_out", "results.granted", "results.otherwise.other"):
            yield Case("H3, X1", MARKET, good | {f"requests.{row}.{column}": ("4711", "")}, last)
    for line in ("regulations", "normative_documents"):
        for column in ("issued", "repealed", "in_force"):
            for unit in (MARKET, LANJIANG, "国家税务总局临溪县税务局", "中国人民银行"):
                yield Case("X2, X3, N5", unit, good | {f"article_20_1.{line}.{column}": ("31", "")}, last)
    for name in good:
        yield Case("blank", MARKET, good | {name: ("", "")}, last)
    for name in annual().texts:
        for text in (" \n\u3000", "\u200b", "\x0b\x0c", "\U000e0001\n", "长" * 1001, " 长 \n" * 1001, "𠮷" * 1001):
            yield Case("a text", MARKET, good | {name: (text, "")})


def odd_typings() -> Iterator[Case]:
    """Everything people put into a cell, in a cell that counts and in one that says money; with a note and without."""
    good = typed_from(ordinary_report())
    for raw in TYPINGS:
        for name in (f"{DOCUMENTS}.issued", "article_20_8.fees.charged"):
            yield Case(f"{raw!a:.40}", MARKET, good | {name: (raw, "")})
        yield Case(f"{raw!a:.40} with a note", MARKET, good | {f"requests.received.{NATURAL}": (raw, "含电话申请")})
    huge = {name: ("999999999999", "") for name in inputs(annual()) if name != "article_20_8.fees.charged"}
    yield Case("totals too large for their cells", MARKET, good | huge, read(ordinary_report(year=2023)))


def by_chance(seed: int = 20240131, how_many: int = 120) -> Iterator[Case]:
    """Random reports: mostly figures, some blank, some refused, some of last year's missing."""
    chance = random.Random(seed)
    names = inputs(annual())
    for number in range(how_many):
        typed = {name: _anything(chance) for name in names if chance.random() > 0.05}
        texts = {name: (chance.choice(["", "写了。", " ", "写了。" * 200]), "") for name in annual().texts}
        before = ordinary_report(year=2023)
        for name in chance.sample(names, 20):
            before["cells"][name] = chance.choice([None, 0, 7, {"value": 12, "note": "含补报"}])
        yield Case(f"random {number}", MARKET, typed | texts, read(before) if number % 3 else None)


def _anything(chance: random.Random) -> Typed:
    if chance.random() < 0.1:
        return chance.choice(TYPINGS), chance.choice(["", "", "说明"])
    return str(chance.choice([0, 0, 0, chance.randrange(20), chance.randrange(10**12)])), ""
