"""One unit's report of one year: figures that add up, and texts that speak of them."""

from collections.abc import Mapping
from random import Random

from reports.answers import Answers
from reports.definition import Definition
from reports.drafting import Typed, draft_answers, inputs
from service.demo.district import Agency, Stands, district, narratives
from service.demo.figures import Figures, a_year

# Mistakes to find, by unit: made in the draft of this year only.
PLANTED: Mapping[str, Mapping[str, str]] = {
    # The natural persons' column no longer balances: ten too many were carried in.
    "云溪区人民政府": {"requests.carried_in.natural_person": "11"},
    "云溪区司法局": {"disputes.cases.review.upheld": "无", "other.matters": ""},
    "云溪区住房和城乡建设局": {"article_20_1.normative_documents.in_force": "13"},
    "云溪区农业农村局": {
        "requests.received.natural_person": "２１件",
        "requests.results.partial.legal_person.law_firm": "-1",
    },
    "云溪区城市管理和综合行政执法局": {"article_20_8.fees.charged": "236.41051234", "problems.found": "无"},
    "云河街道办事处": {"article_20_1.regulations.issued": "1", "article_20_1.regulations.in_force": "1"},
}
# What reviewers notice: figures that need a reason, or that are nothing like last year's.
STRIKING: Mapping[str, Mapping[str, str]] = {
    "云溪区交通运输局": {"article_20_1.normative_documents.in_force": "19"},
    "云溪区人力资源和社会保障局": {"article_20_1.normative_documents.in_force": "31"},
    "云溪区自然资源和规划局": {"article_20_5.licences.handled": "9487"},
    "城东街道办事处": {"article_20_6.penalties.handled": "1472"},
}
# Who has handed in somebody else's words, with the names replaced.
COPIED: Mapping[str, str] = {"云溪区医疗保障局": "云溪区卫生健康局"}
# What has not been looked at yet, by the beginnings of names.
UNTOUCHED: Mapping[str, tuple[str, ...]] = {
    "云河街道办事处": ("requests", "disputes", "problems", "other"),
    "云溪区住房和城乡建设局": ("problems",),
    "云溪区农业农村局": ("disputes", "overview.oversight", "problems.improved"),
    "杏花镇人民政府": ("article_20_8", "requests.results.otherwise", "other"),
}


def last_year(definition: Definition, agency: Agency, year: int) -> dict[str, Typed]:
    """What the unit filled in for the year before."""
    return _filled(definition, agency, year, None)


def this_year(definition: Definition, agency: Agency, year: int, before: Answers) -> dict[str, Typed]:
    """What it has filled in for this year, with its mistakes if it is one of those that make some."""
    carried = {name: _plain(before.shown(name)) for name in inputs(definition)}
    typed = _filled(definition, agency, year, carried)
    noticed = {**PLANTED.get(agency.name, {}), **STRIKING.get(agency.name, {})}
    planted = {name: (value, "") for name, value in noticed.items()} | _copied(definition, agency, year)
    untouched = UNTOUCHED.get(agency.name, ())
    return {name: one for name, one in {**typed, **planted}.items() if not name.startswith(untouched)}


def _copied(definition: Definition, agency: Agency, year: int) -> dict[str, Typed]:
    """The texts of the unit it copied from, which had copied nothing itself."""
    source = next((one for one in district().agencies if one.name == COPIED.get(agency.name)), None)
    if source is None:
        return {}
    theirs = last_year(definition, source, year - 1)
    carried = {name: _plain(theirs[name][0]) for name in inputs(definition)}
    written = _filled(definition, source, year, carried)
    return {name: (written[name][0].replace(source.name, agency.name), "") for name in definition.texts}


def answers(definition: Definition, agency: Agency, year: int, typed: Mapping[str, Typed]) -> Answers:
    """What was filled in, as answers."""
    return draft_answers(definition, agency.name, year, typed)


def _filled(definition: Definition, agency: Agency, year: int, before: Figures | None) -> dict[str, Typed]:
    dice = Random(f"{agency.name} {year}")
    if before is not None and agency.stands is Stands.NIL:
        figures: Figures = {name: value for name, value in before.items() if name.endswith("in_force")}
    else:
        figures = a_year(dice, agency.size, before)
    cells = {name: (str(figures.get(name, 0)), "") for name in inputs(definition)}
    return {**cells, **_texts(dice, agency, year, cells)}


def _texts(dice: Random, agency: Agency, year: int, cells: Mapping[str, Typed]) -> dict[str, Typed]:
    places = {**_counted(cells), **_told(dice, agency), "we": agency.we, "year": year}
    texts = {}
    for name, said in narratives().items():
        quiet = not places["received"] and not places["carried_in"]
        wordings = said["nothing"] if quiet and "nothing" in said else said["wordings"]
        texts[name] = (dice.choice(wordings).format(**places), "")
    return texts


def _told(dice: Random, agency: Agency) -> dict[str, int | str]:
    first, second, third = dice.sample(agency.focus, 3)
    busy = 40 + 6 * agency.size.requests
    return {
        "focus1": first,
        "focus2": second,
        "focus3": third,
        "items": dice.randint(busy, 3 * busy),
        "papers": dice.randint(2, 9 + agency.size.documents),
        "pictures": dice.randint(2, 12),
        "checks": dice.choice((4, 6, 12, 24)),
        "remarks": dice.randint(3, 40),
        "lessons": dice.randint(1, 4),
    }


def _counted(cells: Mapping[str, Typed]) -> dict[str, int]:
    def of(row: str) -> int:
        return sum(int(value) for name, (value, _note) in cells.items() if name.startswith(f"requests.{row}"))

    return {row: of(row) for row in ("received", "carried_in", "carried_out")} | {"done": of("results.")}


def _plain(shown: str) -> int | str:
    return int(shown) if shown.isdigit() else shown
